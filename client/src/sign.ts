/** Credentials of a partner app. */
export interface Credentials {
  /** The client ID, a UUID. */
  readonly clientId: string;
  /** The client secret. It signs requests and is never sent. */
  readonly clientSecret: string;
  /** The access token issued for a user's consent. It identifies the team. */
  readonly token: string;
}

/** The parts of a request that its signature covers. */
export interface RequestToSign {
  /** HTTP method in upper case. The gateway accepts `POST` only. */
  readonly method?: string;
  /** Path of the request without a query string, such as `/graphql`. */
  readonly path: string;
  /** The exact body that will be sent. A string is encoded in UTF-8. */
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** A signature and the string it was computed from. The only secret in it is the token, in `headers`. */
export interface SignedRequest {
  /** The headers to send. */
  readonly headers: Readonly<Record<string, string>>;
  /** The string that was signed: `METHOD:path:timestamp:bodyHash`. */
  readonly text: string;
  /** Lower-case hex of HMAC-SHA256 over `text`. */
  readonly signature: string;
}

const encoder = new TextEncoder();

/**
 * Signs a request with Web Crypto. A signature is valid for one mutation: sign each attempt with a new signature.
 *
 * @param now - in ms since the epoch. The default is unique for each call, so the same body signed twice has two signatures.
 * @throws {TypeError} if Web Crypto is not available, as in a browser page that was not loaded over HTTPS or from localhost.
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

/** If the clock was set back by more than this, in ms, timestamps follow it. */
const CLOCK_STEP_MS = 1_000;

let last = 0;

/** The current time in ms, or slightly later, so that every timestamp is unique. */
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
