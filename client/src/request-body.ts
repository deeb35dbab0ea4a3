import { readOperation } from './operation.js';

/** The body that every attempt sends. */
export interface RequestBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /**
   * Whether a request can be retried even if it may have been executed: true for queries, and for mutations with an
   * idempotency key, for which the gateway returns the original result.
   */
  readonly isRepeatable: boolean;
}

/**
 * Sets a new UUID as the idempotency key of a mutation that declares `$idempotencyKey`, if the variables omit it. If the
 * variable is null, no key is set.
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

/** Parses the body as a JSON object. The gateway rejects anything else. */
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
