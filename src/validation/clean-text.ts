/**
 * The most UTF-16 units that NFC makes one character of: those of Kirat Rai (U+16D6A) come from three of two units each.
 * A test looks at every character of Unicode.
 */
const MAX_UNITS_PER_CHARACTER = 6;

/**
 * More combining marks than this in a row are in no text of any language, and to put them in order takes time that grows
 * with the square of their number. Unicode's Stream-Safe Text Format has the same bound (UAX #15, section 13).
 */
const MAX_MARKS_IN_A_ROW = 30;

const tooManyMarks = new RegExp(`(?<!\\p{M})\\p{M}{${MAX_MARKS_IN_A_ROW + 1}}`, 'u');

/**
 * What shows nothing and takes no space that a reader would notice: zero-width characters, soft hyphens, fillers, marks of
 * the direction of writing, and the blank of Braille (U+2800).
 */
const invisible = /[\p{Default_Ignorable_Code_Point}\u2800]/u;

const nothingToSee = /[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** As `nothingToSee`, without what changes the character before it: variation selectors and the tags of flags. */
const edge =
  /(?![\p{Variation_Selector}\u{E0020}-\u{E007F}])[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether text shows nothing. */
export function isBlank(text: string): boolean {
  for (const character of text) {
    if (!nothingToSee.test(character)) return false;
  }
  return true;
}

/** Whether text has a character that nobody sees, so that another text may look like it. */
export function hasInvisible(text: string): boolean {
  return invisible.test(text);
}

/**
 * Removes at both ends what shows nothing, and normalises to NFC: PostgreSQL compares code points, so what looks alike
 * must be alike. Text that a field of `max` characters refuses, because it is too long or has too many marks, is not
 * normalised, so the time grows with the length and no faster.
 *
 * @param max - in characters (code points).
 */
export function cleanText(raw: string, max: number): string {
  const text = trimInvisible(raw);
  if (text.length > max * MAX_UNITS_PER_CHARACTER || hasTooManyMarks(text)) return text;
  return text.normalize('NFC');
}

/** Whether text has more than 30 combining marks in a row. */
export function hasTooManyMarks(text: string): boolean {
  return tooManyMarks.test(text);
}

function trimInvisible(text: string): string {
  let start = 0;
  for (const character of text) {
    if (!edge.test(character)) break;
    start += character.length;
  }
  let end = text.length;
  while (end > start) {
    const character = lastCharacter(text, end);
    if (!edge.test(character)) break;
    end -= character.length;
  }
  return text.slice(start, end);
}

/** The character that ends before a place in a text: one UTF-16 unit, or a pair of surrogates. */
function lastCharacter(text: string, end: number): string {
  const pair = text.slice(Math.max(end - 2, 0), end);
  return Array.from(pair).length === 1 ? pair : pair.slice(-1);
}
