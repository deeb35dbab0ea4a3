import { createHmac, hash, timingSafeEqual, type KeyObject } from 'node:crypto';

/** The parts of a request that its signature covers. */
export interface SignedParts {
  /** HTTP method in upper case, such as `POST`. */
  readonly method: string;
  /** The requested path without a query string, such as `/graphql`. */
  readonly path: string;
  /** The `x-timestamp` header exactly as sent. */
  readonly timestamp: string;
  /** The raw bytes of the body. */
  readonly body: Buffer;
}

/** A signature is the lower-case hex of 32 bytes. */
export const SIGNATURE_PATTERN = /^[0-9a-f]{64}$/;

const MS_PER_SECOND = 1_000;

/** The string to sign: `METHOD:path:timestamp:bodyHash`, where bodyHash is the hex SHA-256 of the body. */
export function stringToSign(parts: SignedParts): string {
  return `${parts.method}:${parts.path}:${parts.timestamp}:${hash('sha256', parts.body)}`;
}

/** HMAC-SHA256 with the client's secret over the parts of a request. */
export function sign(secret: KeyObject, parts: SignedParts): Buffer {
  return hmac(secret, stringToSign(parts));
}

/**
 * Whether `signature` is the signature of `parts` with one of `secrets`. All secrets are tried and compared in constant time,
 * so that the duration reveals neither how much of a signature is correct nor which secret was used.
 *
 * @param signature - text that matches {@link SIGNATURE_PATTERN}.
 */
export function verifySignature(
  secrets: readonly KeyObject[],
  parts: SignedParts,
  signature: string,
): boolean {
  const text = stringToSign(parts);
  const received = Buffer.from(signature, 'hex');
  let genuine = false;
  for (const secret of secrets) genuine = timingSafeEqual(hmac(secret, text), received) || genuine;
  return genuine;
}

function hmac(secret: KeyObject, text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest();
}

/**
 * Reads a Unix time in seconds (10 digits, the documented form) or milliseconds (13 digits, sent by real clients).
 *
 * @returns ms since the epoch, or undefined if the text is neither.
 */
export function parseTimestamp(text: string): number | undefined {
  if (/^\d{10}$/.test(text)) return Number(text) * MS_PER_SECOND;
  if (/^\d{13}$/.test(text)) return Number(text);
  return undefined;
}
