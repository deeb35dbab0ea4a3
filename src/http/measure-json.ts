import { randomBytes } from 'node:crypto';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** The size of a JSON text. */
export interface JsonSize {
  /** Items of all arrays. */
  readonly listItems: number;
  /** Members of all objects, including repeated names. */
  readonly inputFields: number;
  /** Different names of members. Counting stops above {@link MAX_FIELD_NAMES}. */
  readonly fieldNames: number;
}

/**
 * Different field names that a request may have. The schema and the GraphQL over HTTP specification have fewer than 100. Each costs
 * `JSON.parse` about 1 µs, a hundred times as much as a name that it has seen before.
 */
export const MAX_FIELD_NAMES = 1_000;

/** The fewest bytes of a list item or of a member, with the comma or bracket after it. */
export const MIN_PART_BYTES = 2;

/** Random, so that callers cannot construct names with equal hashes. */
const SEED = randomBytes(4).readInt32LE();

/** A prime of the FNV-1a hash for 32 bits (RFC 9923). */
const FNV_PRIME = 0x01_00_01_93;

/**
 * Counts what a parser would make of a JSON text, without parsing it: about 1 ms for 1 MB, where `JSON.parse` takes up to 70 ms
 * if all of its names differ. For text that is not JSON, the numbers are meaningless.
 */
export function measureJson(json: Buffer): JsonSize {
  let colons = 0;
  let commas = 0;
  /** Arrays and objects that are not empty. */
  let filled = 0;
  let before = 0;
  /** Of the latest string. */
  let start = 0;
  let end = 0;
  const names = new Set<number>();
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index] ?? 0;
    // A space, tab or line break (RFC 8259, section 2).
    if (byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)) continue;
    if (byte === COLON) {
      colons += 1;
      if (names.size <= MAX_FIELD_NAMES) names.add(hash(json, start, end));
    } else if (byte === COMMA) commas += 1;
    else if (byte === QUOTE) {
      start = index;
      index = endOfString(json, index);
      end = index;
    }
    const isFirst = before === OPEN_BRACKET || before === OPEN_BRACE;
    if (isFirst && byte !== CLOSE_BRACKET && byte !== CLOSE_BRACE) filled += 1;
    before = byte;
  }
  // A list of n items or an object of n members has n - 1 commas, if it is not empty.
  return { listItems: commas + filled - colons, inputFields: colons, fieldNames: names.size };
}

/** The index of the quotation mark that ends the string which begins at `start`. */
function endOfString(json: Buffer, start: number): number {
  let index = start + 1;
  while (index < json.length && json[index] !== QUOTE) index += json[index] === BACKSLASH ? 2 : 1;
  return index;
}

function hash(json: Buffer, start: number, end: number): number {
  let value = SEED;
  for (let index = start; index < end; index += 1) value = Math.imul(value ^ (json[index] ?? 0), FNV_PRIME);
  return value;
}
