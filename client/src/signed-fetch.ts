import { prepareBody, type PublishedDocuments } from './request-body.js';
import { type Outcome, type RetryOptions, fetchWithRetries } from './retry.js';
import { type Credentials, signRequest } from './sign.js';

/** Credentials, or a function that is called for them before every attempt, so that new ones take effect immediately. */
export type CredentialsSource = Credentials | (() => Credentials | Promise<Credentials>);

export interface SignedFetchOptions {
  readonly retry?: RetryOptions;
  /** The `fetch` to send with. Default: the runtime's own. */
  readonly fetch?: typeof globalThis.fetch;
  /**
   * The sources of published documents by their IDs, as graphql-codegen and Relay write them. A request with the ID of one of them is
   * retried as a request with its text would be. Default: none, and requests by ID are retried only after a 429.
   */
  readonly documents?: PublishedDocuments;
}

/** Thrown for a request that cannot be signed. */
export class UnsignableRequestError extends TypeError {
  override readonly name = 'UnsignableRequestError';
  readonly reason: 'METHOD' | 'QUERY_STRING';

  constructor(reason: UnsignableRequestError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/**
 * Creates a `fetch` that signs requests to the gateway and retries them if that is safe. A stream is read completely before
 * it is sent, because the signature covers the whole body.
 *
 * Every request is retried after a 429. Queries, and mutations with an idempotency key, are also retried after a 502, 503,
 * 504 or a network error. If a mutation declares `$idempotencyKey` and the variables omit it, a new key is set and used for
 * every attempt. Responses with status 200 are never retried, including `RateLimited`.
 *
 * @returns a `fetch` that rejects like the runtime's own, or with {@link UnsignableRequestError}.
 */
export function createSignedFetch(
  credentials: CredentialsSource,
  { retry = {}, fetch: given, documents }: SignedFetchOptions = {},
): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const path = signablePath(request);
    const { bytes, isRepeatable } = prepareBody(new Uint8Array(await request.arrayBuffer()), documents);
    const attempt = async (): Promise<Outcome> => {
      const current = typeof credentials === 'function' ? await credentials() : credentials;
      const signed = await signRequest(current, { path, body: bytes });
      const headers = new Headers(request.headers);
      for (const [name, value] of Object.entries(signed.headers)) headers.set(name, value);
      // Looked up for each request, so that a replaced global `fetch` is used.
      const send = given ?? globalThis.fetch;
      // Other options of `input` and `init`, including those of one runtime only, are passed on.
      return send(input, { ...init, headers, body: bytes }).catch((error: unknown) => ({ error }));
    };
    return fetchWithRetries(attempt, isRepeatable, request.signal, retry);
  };
}

/** The path that is signed. @throws {UnsignableRequestError} */
function signablePath({ method, url }: Request): string {
  if (method !== 'POST') {
    throw new UnsignableRequestError('METHOD', `The gateway accepts POST only, not ${method}.`);
  }
  const { pathname, search } = new URL(url);
  if (search !== '') {
    throw new UnsignableRequestError(
      'QUERY_STRING',
      'The URL must not have a query string: the signature does not cover it.',
    );
  }
  return pathname;
}
