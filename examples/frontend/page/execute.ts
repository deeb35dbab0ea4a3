import type { TypedDocumentString } from '../generated/graphql';

/** The result of an operation: its data, or why there is none. */
export type Result<Data> = { readonly data: Data } | { readonly failure: Failure };

/** A GraphQL error, an HTTP error, or a missing response. */
export interface Failure {
  /** Error code of the gateway or the back end, `HTTP_` and a status, or `NO_RESPONSE`. */
  readonly code: string;
  /** Why authentication failed, such as `TOKEN_EXPIRED`. */
  readonly reason: string | undefined;
  readonly message: string;
  /** Finds the request in the logs. */
  readonly requestId: string | undefined;
}

/** A response body. It is not validated at run time, because the types are generated from the schema. */
interface Body<Data> {
  readonly data?: Data | null;
  readonly errors?: ReadonlyArray<{
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly reason?: string };
  }>;
}

/**
 * Executes one of the page's operations through the back end. Rejects only if `signal` is aborted.
 *
 * @param document - a generated document, which holds the operation's hash instead of its text.
 */
export async function execute<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Result<Data>> {
  const hash: unknown = document.__meta__?.['hash'];
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ documentId: hash, variables }),
      signal: signal ?? null,
    });
    const body: Body<Data> = await response.json();
    return toResult(body, response);
  } catch {
    signal?.throwIfAborted();
    const message = 'No response was received.';
    return { failure: { code: 'NO_RESPONSE', reason: undefined, message, requestId: undefined } };
  }
}

function toResult<Data>({ data, errors }: Body<Data>, response: Response): Result<Data> {
  const [error] = errors ?? [];
  if (data && !error) return { data };
  return {
    failure: {
      code: error?.extensions?.code ?? `HTTP_${response.status}`,
      reason: error?.extensions?.reason,
      message: error?.message ?? response.statusText,
      requestId: response.headers.get('x-request-id') ?? undefined,
    },
  };
}
