import { prepareBody } from './request-body.js';
import { type Outcome, type RetryOptions, withRetries } from './retry.js';
import { type Credentials, signRequest } from './sign.js';

/** Credentials, or how to get them: asked before every try, so that a new secret or token counts at once. */
export type CredentialsSource = Credentials | (() => Credentials | Promise<Credentials>);

export interface SignedFetchOptions {
  readonly retry?: RetryOptions;
  /** What sends; the runtime's own `fetch` by default. */
  readonly fetch?: typeof globalThis.fetch;
}

/** A request that no signature could make the gateway take, and why. */
export class UnsignableRequestError extends TypeError {
  override readonly name = 'UnsignableRequestError';
  readonly reason: 'METHOD' | 'QUERY_STRING';

  constructor(reason: UnsignableRequestError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/**
 * Makes a `fetch` that signs what it sends to the gateway, and tries again where that is safe. A stream is read to its end
 * first, for the signature covers every byte.
 *
 * What is tried again: all that is answered 429; queries, and mutations with an idempotency key, that are answered 502,
 * 503 or 504 or whose answer never came. A mutation that declares `$idempotencyKey` gets a fresh one where the caller's
 * variables have none, the same for every try. An answer with status 200 is the caller's, `RateLimited` too.
 *
 * @returns a `fetch` that rejects as the runtime's own does, and with {@link UnsignableRequestError}.
 */
export function createSignedFetch(
  credentials: CredentialsSource,
  { retry = {}, fetch: given }: SignedFetchOptions = {},
): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const path = signablePath(request);
    const { bytes, isRepeatable } = prepareBody(new Uint8Array(await request.arrayBuffer()));
    const attempt = async (): Promise<Outcome> => {
      const current = typeof credentials === 'function' ? await credentials() : credentials;
      const signed = await signRequest(current, { path, body: bytes });
      const headers = new Headers(request.headers);
      for (const [name, value] of Object.entries(signed.headers)) headers.set(name, value);
      // Looked up now, so that whoever replaces the runtime's own sees this request.
      const send = given ?? globalThis.fetch;
      // Whatever else was asked for by `input` or `init`, also what only one runtime knows, stays as it is.
      return send(input, { ...init, headers, body: bytes }).catch((error: unknown) => ({ error }));
    };
    return withRetries(attempt, isRepeatable, request.signal, retry);
  };
}

/** The path that is signed. @throws {UnsignableRequestError} */
function signablePath({ method, url }: Request): string {
  if (method !== 'POST') {
    throw new UnsignableRequestError('METHOD', `The gateway serves POST only, not ${method}.`);
  }
  const { pathname, search } = new URL(url);
  if (search !== '') {
    throw new UnsignableRequestError('QUERY_STRING', 'A signature covers no query string; send none.');
  }
  return pathname;
}
