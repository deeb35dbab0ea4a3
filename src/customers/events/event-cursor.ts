import { parse, stringify } from 'uuid';

const BYTES_PER_UUID = 16;

/** An `integer` of PostgreSQL. */
const BYTES_PER_VERSION = 4;

/** The opaque text of an event's place in the feed. It names the event, so it is valid as long as the event is kept. */
export const encodeEventCursor = (id: string): string => Buffer.from(parse(id)).toString('base64url');

/** The ID of the event that a cursor names. Returns undefined for any other text. */
export function decodeEventCursor(cursor: string): string | undefined {
  const bytes = decode(cursor, BYTES_PER_UUID);
  try {
    return bytes && stringify(bytes);
  } catch {
    // Not every 16 bytes are a UUID.
    return undefined;
  }
}

/** The opaque text of a version's place in the history of a customer. */
export function encodeHistoryCursor(version: number): string {
  const bytes = Buffer.alloc(BYTES_PER_VERSION);
  bytes.writeInt32BE(version);
  return bytes.toString('base64url');
}

/** The version that a cursor names. Returns undefined for any other text. */
export function decodeHistoryCursor(cursor: string): number | undefined {
  const version = decode(cursor, BYTES_PER_VERSION)?.readInt32BE();
  return version !== undefined && version > 0 ? version : undefined;
}

function decode(cursor: string, length: number): Buffer | undefined {
  // Base64 has four characters for three bytes. Longer text is not decoded.
  if (cursor.length !== Math.ceil((length * 4) / 3)) return undefined;
  const bytes = Buffer.from(cursor, 'base64url');
  return bytes.length === length && bytes.toString('base64url') === cursor ? bytes : undefined;
}
