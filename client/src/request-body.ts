import { readOperation } from './operation.js';

/** A request's body as every try sends it. */
export interface RequestBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /**
   * Whether the request may have been done and yet be sent again: a query always, a mutation with an idempotency key, which
   * the gateway answers as it did the first time.
   */
  readonly isRepeatable: boolean;
}

/**
 * Gives a mutation that declares `$idempotencyKey` a fresh one where the caller has left it out. Null is a caller's way to
 * have none.
 */
export function prepareBody(bytes: Uint8Array<ArrayBuffer>): RequestBody {
  const request = parse(bytes);
  if (typeof request?.['query'] !== 'string') return { bytes, isRepeatable: false };
  const { query, operationName, variables } = request;
  const operation = readOperation(query, typeof operationName === 'string' ? operationName : undefined);
  if (operation?.type === 'query') return { bytes, isRepeatable: true };
  if (operation?.type !== 'mutation' || !operation.declaresKey) return { bytes, isRepeatable: false };

  const { isSingle } = operation;
  const known = isRecord(variables) ? variables : {};
  const key = known['idempotencyKey'];
  if (key !== undefined) return { bytes, isRepeatable: isSingle && typeof key === 'string' };
  const filled = { ...request, variables: { ...known, idempotencyKey: crypto.randomUUID() } };
  return { bytes: new TextEncoder().encode(JSON.stringify(filled)), isRepeatable: isSingle };
}

/** The JSON object that the body is, if it is one. What else it may be is for the gateway to refuse. */
function parse(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
