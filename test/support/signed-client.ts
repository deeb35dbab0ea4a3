import { createHash, createHmac, randomUUID } from 'node:crypto';
import { request } from 'node:http';

/** What a partner app knows. */
export interface PartnerCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly token: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  /** The headers of its request. */
  readonly sent: Readonly<Record<string, string | string[] | undefined>>;
  /** The body as JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- an answer has whatever shape its test asserts
  readonly json: any;
}

/** What a test may change about a request after it was signed. */
export interface Tampering {
  readonly method?: string;
  /** Path and query string to ask for; the signature covers the path. */
  readonly url?: string;
  readonly body?: string | Buffer;
  readonly timestamp?: string;
  /** Headers to replace; undefined leaves one out, a list sends it more than once. */
  readonly headers?: Record<string, string | string[] | undefined>;
  /** Leaves before the answer is there. */
  readonly signal?: AbortSignal;
}

/** Signs requests independently of the gateway's own code, from the words of docs/signing.md. */
export class SignedClient {
  constructor(
    readonly url: string,
    readonly credentials: PartnerCredentials,
  ) {}

  /** Sends an operation. */
  send(query: string, variables?: Record<string, unknown>, tampering: Tampering = {}): Promise<Answer> {
    return this.post(JSON.stringify({ query, variables }), tampering);
  }

  /** Signs and sends a body of any kind. */
  async post(body: string | Buffer, tampering: Tampering = {}): Promise<Answer> {
    const url = new URL(tampering.url ?? '/graphql', this.url);
    const headers = { ...this.sign(body, tampering), ...tampering.headers };
    return exchange(url, tampering.method ?? 'POST', headers, tampering.body ?? body, tampering.signal);
  }

  /** The headers of a signed request. */
  sign(body: string | Buffer, tampering: Tampering = {}): Record<string, string> {
    const { clientId, clientSecret, token } = this.credentials;
    const method = tampering.method ?? 'POST';
    const url = new URL(tampering.url ?? '/graphql', this.url);
    const timestamp = tampering.timestamp ?? newTimestamp();
    const bodyHash = createHash('sha256').update(body).digest('hex');
    const signature = createHmac('sha256', clientSecret)
      .update(`${method}:${url.pathname}:${timestamp}:${bodyHash}`)
      .digest('hex');
    return {
      'content-type': 'application/json',
      'x-client-id': clientId,
      'x-timestamp': timestamp,
      'x-signature': signature,
      authorization: `Bearer ${token}`,
    };
  }
}

/** One HTTP exchange with nothing added or tidied: doubled headers stay doubled. */
export function exchange(
  url: URL,
  method: string,
  headers: Record<string, string | string[] | undefined>,
  body: string | Buffer,
  signal?: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const all: typeof headers = { host: url.host, ...headers };
    const rawHeaders = Object.entries(all).flatMap(([name, value]) =>
      [value].flat().flatMap((one) => (one === undefined ? [] : [name, one])),
    );
    const length = ['content-length', String(Buffer.byteLength(body))];
    const outgoing = request(url, { method, headers: [...rawHeaders, ...length], signal }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const isJson = incoming.headers['content-type']?.includes('json') ?? false;
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          text,
          sent: headers,
          json: isJson && text !== '' ? JSON.parse(text) : undefined,
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** As far ahead as many calls in one ms can be. */
const MOST_AHEAD_MS = 10_000;

let lastTimestamp = 0;

/**
 * Now in ms, and never the same twice: two calls alike have signatures of their own. A clock that was set back, of the machine
 * or of a test, is followed.
 */
function newTimestamp(): string {
  const now = Date.now();
  const next = lastTimestamp + 1;
  lastTimestamp = next > now && next < now + MOST_AHEAD_MS ? next : now;
  return String(lastTimestamp);
}

/** An email that no other test uses. */
export const newEmail = (): string => `${randomUUID()}@example.com`;
