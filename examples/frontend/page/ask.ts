import type { TypedDocumentString } from '../generated/graphql';

/** What came of an operation: its data, or why there is none. */
export type Answer<Data> = { readonly data: Data } | { readonly failure: Failure };

/** An operation that has no outcome: GraphQL's errors, HTTP's, and answers that never came. */
export interface Failure {
  /** For programs: the gateway's or our back end's; `NO_ANSWER` is ours. */
  readonly code: string;
  /** Why a caller is not known: `TOKEN_EXPIRED` and its like. */
  readonly reason: string | undefined;
  /** For people. */
  readonly message: string;
  /** What to give whoever looks into it. */
  readonly requestId: string | undefined;
}

/** The shape of an answer. The contract says what `data` is, so nothing checks it here again. */
interface Body<Data> {
  readonly data?: Data | null;
  readonly errors?: ReadonlyArray<{
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly reason?: string };
  }>;
}

/**
 * Asks our back end to run one of the page's operations, by its hash. It never rejects, but for an aborted `signal`.
 *
 * @param document - a generated one; it is no text but the hash of one.
 */
export async function ask<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Answer<Data>> {
  const hash: unknown = document.__meta__?.['hash'];
  const sent = fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ documentId: hash, variables }),
    signal: signal ?? null,
  });
  try {
    const response = await sent;
    const body: Body<Data> = await response.json();
    return read(body, response);
  } catch {
    signal?.throwIfAborted();
    const message = 'No answer came.';
    return { failure: { code: 'NO_ANSWER', reason: undefined, message, requestId: undefined } };
  }
}

function read<Data>({ data, errors }: Body<Data>, response: Response): Answer<Data> {
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
