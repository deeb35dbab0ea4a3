/**
 * Maximum UTF-16 units that NFC composes into one character: U+16D6A is composed from three characters of two units. A test
 * checks every character of Unicode.
 */
const MAX_UNITS_PER_CHARACTER = 6;

/**
 * No language uses longer runs of combining marks, and sorting a run takes time quadratic in its length. The same limit as
 * in Unicode's Stream-Safe Text Format (UAX #15, section 13).
 */
export const MAX_MARKS_IN_A_ROW = 30;

const tooManyMarks = new RegExp(`(?<!\\p{M})\\p{M}{${MAX_MARKS_IN_A_ROW + 1}}`, 'u');

/** Zero-width characters, soft hyphens, fillers, bidirectional controls, and the Braille blank (U+2800). */
const INVISIBLE = String.raw`\p{Default_Ignorable_Code_Point}\u2800`;

/** Characters that change the one before them: variation selectors and the tags of flag emoji. */
const MODIFIERS = String.raw`\p{Variation_Selector}\u{E0020}-\u{E007F}`;

const invisible = new RegExp(`[${INVISIBLE}]`, 'u');
const blank = new RegExp(`[\\p{White_Space}${INVISIBLE}]`, 'u');
const trimmable = new RegExp(`(?![${MODIFIERS}])[\\p{White_Space}${INVISIBLE}]`, 'u');

/** Text that is clean already. Most is, and the patterns of Unicode take ten times as long. */
const cleanAscii = /^[!-~](?:[ -~]*[!-~])?$/;

/** Whether text has no visible character. */
export function isBlank(text: string): boolean {
  for (const character of text) {
    if (!blank.test(character)) return false;
  }
  return true;
}

/** Whether text contains an invisible character, so that a different text can look the same. */
export function hasInvisible(text: string): boolean {
  return invisible.test(text);
}

/**
 * Removes white space and invisible characters at both ends and normalizes to NFC, because PostgreSQL compares code points.
 * Text that is too long for a field of `max` characters, or has too many marks, is not normalized: normalizing it could take
 * time that grows with the square of its length.
 *
 * @param max - in characters (code points).
 */
export function cleanText(raw: string, max: number): string {
  if (cleanAscii.test(raw)) return raw;
  const text = trimInvisible(raw);
  if (text.length > max * MAX_UNITS_PER_CHARACTER || hasTooManyMarks(text)) return text;
  return text.normalize('NFC');
}

/** Whether text has too many combining marks in a row. */
export function hasTooManyMarks(text: string): boolean {
  return tooManyMarks.test(text);
}

function trimInvisible(text: string): string {
  let start = 0;
  for (const character of text) {
    if (!trimmable.test(character)) break;
    start += character.length;
  }
  let end = text.length;
  while (end > start) {
    const character = lastCharacter(text, end);
    if (!trimmable.test(character)) break;
    end -= character.length;
  }
  return text.slice(start, end);
}

/** The character that ends before a place in a text: one UTF-16 unit, or a pair of surrogates. */
function lastCharacter(text: string, end: number): string {
  const pair = text.slice(Math.max(end - 2, 0), end);
  return Array.from(pair).length === 1 ? pair : pair.slice(-1);
}
