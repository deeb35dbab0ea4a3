import { type AuthenticationFailure } from './authentication-failure.js';
import { parseTimestamp, SIGNATURE_PATTERN } from './signature.js';

/** The credentials of a request: well-formed, but not yet verified. */
export interface Credentials {
  readonly clientId: string;
  /** Exactly as sent, because it is signed. */
  readonly timestamp: string;
  readonly signature: string;
  readonly token: string;
}

const HEADERS = ['x-client-id', 'x-timestamp', 'x-signature', 'authorization'] as const;

/** The characters of a token (RFC 6750, 2.1). */
const TOKEN = String.raw`[A-Za-z0-9\-._~+/]+=*`;
export const TOKEN_PATTERN = new RegExp(`^${TOKEN}$`);

/** The scheme is not case-sensitive (RFC 9110, 11.1). */
const BEARER = new RegExp(`^Bearer +(${TOKEN})$`, 'i');

/**
 * Reads the credentials from a request's headers, before its body is read.
 *
 * @param rawHeaders - alternating names and values, from Node. Only these show duplicate headers.
 * @param toleranceMs - maximum difference between the timestamp and `now`, in both directions.
 */
export function readCredentials(
  rawHeaders: readonly string[],
  now: number,
  toleranceMs: number,
): { credentials: Credentials } | { failure: AuthenticationFailure } {
  const values = new Map<string, string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase();
    const header = HEADERS.find((wanted) => wanted === name);
    if (header === undefined) continue;
    if (values.has(header)) return { failure: { reason: 'DUPLICATE_HEADER', header } };
    values.set(header, rawHeaders[i + 1] ?? '');
  }
  for (const header of HEADERS) {
    if (!values.get(header)) return { failure: { reason: 'MISSING_HEADER', header } };
  }

  // Client IDs are UUIDs, which are not case-sensitive (RFC 9562, 4).
  const clientId = (values.get('x-client-id') ?? '').toLowerCase();
  const timestamp = values.get('x-timestamp') ?? '';
  const signature = values.get('x-signature') ?? '';
  const token = BEARER.exec(values.get('authorization') ?? '')?.[1];

  const sentAt = parseTimestamp(timestamp);
  if (sentAt === undefined) return { failure: { reason: 'MALFORMED_HEADER', header: 'x-timestamp' } };
  if (!SIGNATURE_PATTERN.test(signature)) {
    return { failure: { reason: 'MALFORMED_HEADER', header: 'x-signature' } };
  }
  if (token === undefined) return { failure: { reason: 'MALFORMED_HEADER', header: 'authorization' } };
  if (Math.abs(now - sentAt) > toleranceMs) {
    return { failure: { reason: 'TIMESTAMP_OUT_OF_RANGE', header: 'x-timestamp' } };
  }
  return { credentials: { clientId, timestamp, signature, token } };
}
