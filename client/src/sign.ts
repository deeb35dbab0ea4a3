/** What a partner app signs with. */
export interface Credentials {
  /** The partner app's id, a UUID. */
  readonly clientId: string;
  /** The partner app's secret: it signs, and is never sent. */
  readonly clientSecret: string;
  /** The token that a user's consent gave; it names the team. */
  readonly token: string;
}

/** The parts of a request that its signature covers. */
export interface RequestToSign {
  /** HTTP method in upper case; `POST` is the only one that the gateway serves. */
  readonly method?: string;
  /** The path as it is asked for, without query string, such as `/graphql`. */
  readonly path: string;
  /** The body, byte for byte as it will be sent. Text is sent as UTF-8. */
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** A request's signature and what it was made of. Holds no secret but the token, in `headers`. */
export interface SignedRequest {
  /** Send these. */
  readonly headers: Readonly<Record<string, string>>;
  /** `METHOD:path:timestamp:bodyHash`, which was signed. */
  readonly text: string;
  /** Lower-case hex of HMAC-SHA256 over `text`. */
  readonly signature: string;
}

const encoder = new TextEncoder();

/**
 * Signs a request with Web Crypto. A signature brings a mutation once, so sign each try afresh.
 *
 * @param now - in ms since the epoch; by default no two are the same, so that the same body signed twice has two signatures.
 * @throws {TypeError} where there is no Web Crypto: in a browser, a page that came neither by HTTPS nor from localhost.
 */
export async function signRequest(
  credentials: Credentials,
  { method = 'POST', path, body }: RequestToSign,
  now: number = nextTimestamp(),
): Promise<SignedRequest> {
  const timestamp = String(now);
  const bytes = typeof body === 'string' ? encoder.encode(body) : body;
  const text = `${method}:${path}:${timestamp}:${hex(await crypto.subtle.digest('SHA-256', bytes))}`;
  const signature = hex(await hmac(credentials.clientSecret, text));
  return {
    headers: {
      'content-type': 'application/json',
      'x-client-id': credentials.clientId,
      'x-timestamp': timestamp,
      'x-signature': signature,
      authorization: `Bearer ${credentials.token}`,
    },
    text,
    signature,
  };
}

/** What a clock that is set back must be off for us to follow it, in ms. */
const CLOCK_STEP_MS = 1_000;

let last = 0;

/** Now in ms, or a little later: never the same twice. */
function nextTimestamp(): number {
  const now = Date.now();
  last = now > last || last - now > CLOCK_STEP_MS ? now : last + 1;
  return last;
}

async function hmac(secret: string, text: string): Promise<ArrayBuffer> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', encoder.encode(secret), algorithm, false, ['sign']);
  return crypto.subtle.sign(algorithm.name, key, encoder.encode(text));
}

function hex(bytes: ArrayBuffer): string {
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
