import { createHmac, hash, timingSafeEqual, type KeyObject } from 'node:crypto';

/** The parts of a request that its signature covers. */
export interface SignedParts {
  /** HTTP method in upper case, such as `POST`. */
  readonly method: string;
  /** The path as the client asked for it, without query string, such as `/graphql`. */
  readonly path: string;
  /** The `x-timestamp` header exactly as sent. */
  readonly timestamp: string;
  /** The raw bytes of the body. */
  readonly body: Buffer;
}

/** A signature is the lower-case hex of 32 bytes. */
export const SIGNATURE_PATTERN = /^[0-9a-f]{64}$/;

const MS_PER_SECOND = 1_000;

/** HMAC-SHA256 with the client's secret over `METHOD:path:timestamp:bodyHash`, where bodyHash is hex SHA-256. */
export function sign(secret: KeyObject, parts: SignedParts): Buffer {
  const bodyHash = hash('sha256', parts.body);
  return createHmac('sha256', secret)
    .update(`${parts.method}:${parts.path}:${parts.timestamp}:${bodyHash}`)
    .digest();
}

/**
 * Whether `signature` is the one that `secret` gives for `parts`, compared in constant time.
 *
 * @param signature - text that matches {@link SIGNATURE_PATTERN}.
 */
export function verifySignature(secret: KeyObject, parts: SignedParts, signature: string): boolean {
  return timingSafeEqual(sign(secret, parts), Buffer.from(signature, 'hex'));
}

/**
 * Reads a Unix time in seconds (10 digits, the documented form) or milliseconds (13 digits, sent by real clients).
 *
 * @returns ms since the epoch, or undefined when the text is neither.
 */
export function parseTimestamp(text: string): number | undefined {
  if (/^\d{10}$/.test(text)) return Number(text) * MS_PER_SECOND;
  if (/^\d{13}$/.test(text)) return Number(text);
  return undefined;
}
