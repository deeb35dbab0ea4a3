import { emailAddress } from '../validation/email-address.js';
import { limits } from './limits.js';

/**
 * The texts by which customers are compared, put in order and searched. They are computed here and stored, so that neither
 * equality nor order nor search depends on the locale of a database. A change of one of these functions needs a migration
 * that computes the stored texts again.
 */

/** Code points into which case folding turns one: "ﬃ" becomes "ffi". A test checks every character of Unicode. */
const MAX_FOLDED = 3;

/** Between the parts of the text that is searched. No search can contain it, so no match spans two parts. */
const PART_SEPARATOR = '\u001F';

const PARTS = 4;

/**
 * Bytes (UTF-8) of a text that are kept. An entry of an index has at most 2,704, and that of the order by name has the key and
 * the searched text. Each is enough for every text but names of more than 200 characters outside the Basic Multilingual Plane,
 * in the order, and text that NFKD makes longer, such as "ﷺ", which becomes 18 characters, in a search.
 */
const keptBytes = { nameKey: 800, name: 4 * limits.name, email: 320, phone: 4 * limits.phone } as const;

/** Upper bounds of the stored texts, in code points. */
export const keyLimits = {
  name: MAX_FOLDED * limits.name,
  email: MAX_FOLDED * limits.email,
  search: keptBytes.name + keptBytes.email + 2 * keptBytes.phone + PARTS - 1,
} as const;

/** A search with fewer digits matches text only: nearly every phone number contains so few digits. */
const LEAST_PHONE_DIGITS = 3;

/** Text that can be a part of a phone number. */
const phoneText = /^[\p{Nd}\s()+./\u2010-\u2015-]+$/u;

/**
 * Marks that any letter can have, such as accents. Not the marks of one script, such as vowel signs and the voicing marks of
 * kana, which are part of the spelling, nor the iota below Greek vowels (U+0345), whose upper case is a letter.
 */
const accents = /[[\p{Mark}&&\p{Script=Inherited}]--[\u0345\u3099\u309A]]/gv;

const nonAscii = /[^\0-\x7f]/;

const encoder = new TextEncoder();

/** Bytes (UTF-8) of a UTF-16 unit. */
const MAX_BYTES_PER_UNIT = 3;

/**
 * Folds the case of text with the full case folding of the Unicode Standard (section 3.13, D144), so that "STRASSE",
 * "straße" and "Straße" are equal. It is derived from JavaScript's mappings of single characters, which depend neither on a
 * locale nor, unlike those of whole strings, on the letters around, such as the one of a final sigma. Cherokee is folded to
 * lower case, which makes no difference for equality. A test compares the result with PostgreSQL's `casefold`.
 */
export function foldCase(text: string): string {
  return nonAscii.test(text) ? mapCharacters(text, foldCharacter) : text.toLowerCase();
}

/** Lower case first, for "ẞ", whose upper case is itself; then upper case, for "ß", "ς" and "ſ". */
function foldCharacter(character: string): string {
  // The standard folds the dotless i to itself. Its upper case is "I", which is the upper case of "i".
  if (character === 'ı') return character;
  const upper = mapCharacters(character.toLowerCase(), (lower) => lower.toUpperCase());
  return mapCharacters(upper, (letter) => letter.toLowerCase());
}

/** Two emails are those of one customer exactly if their keys are equal. */
export function emailKey(email: string): string {
  // Earlier versions stored internationalized domains as they were sent.
  const address = nonAscii.test(email) ? (emailAddress(email) ?? email) : email;
  return comparedForm(address);
}

/** Customers are listed by name in the order of these keys, by code points. */
export function nameKey(name: string): string {
  return withinBytes(comparedForm(name), keptBytes.nameKey);
}

/** Canonical caseless matching (D145): folded in NFD, because "ͅ" becomes a letter. */
function comparedForm(text: string): string {
  return foldCase(text.normalize('NFD')).normalize('NFC');
}

/** The fields of a customer that are searched. */
export interface Searched {
  readonly customer: string;
  readonly email: string;
  readonly mainPhone: string | null;
}

/** All text of a customer that is searched: name, email, phone, and the digits of the phone. */
export function searchText({ customer, email, mainPhone }: Searched): string {
  const phone = searchForm(mainPhone ?? '');
  const parts: [text: string, bytes: number][] = [
    [searchForm(customer), keptBytes.name],
    [searchForm(email), keptBytes.email],
    [phone, keptBytes.phone],
    [digitsOf(phone), keptBytes.phone],
  ];
  return parts
    .map(([text, bytes]) => withinBytes(text.replaceAll(PART_SEPARATOR, ' '), bytes))
    .join(PART_SEPARATOR);
}

/** SQL: `given`, a text of {@link searchText}, with the phone of another one. */
export function withPhoneOf(other: string, given: string): string {
  const separator = `chr(${PART_SEPARATOR.charCodeAt(0)})`;
  const parts = [given, given, other, other].map(
    (text, index) => `split_part(${text}, ${separator}, ${index + 1})`,
  );
  return parts.join(` || ${separator} || `);
}

/**
 * The texts for which a customer's {@link searchText} is searched; one of them must be in it. A phone number is found by
 * its digits, however it is punctuated.
 */
export function searchTerms(search: string): string[] {
  const text = withinBytes(searchForm(search), keptBytes.name);
  const digits = phoneText.test(text) ? digitsOf(text) : '';
  return digits.length >= LEAST_PHONE_DIGITS && digits !== text ? [text, digits] : [text];
}

/** Text without its accents, in one form of each character, and with its case folded: "Brûlée" becomes "brulee". */
export function searchForm(text: string): string {
  const plain = text.normalize('NFKD').replaceAll(accents, '');
  // Without its dot as well as without its marks it is an i.
  return foldCase(plain).replaceAll('ı', 'i').normalize('NFC');
}

function digitsOf(text: string): string {
  return text.replaceAll(/\P{Nd}/gu, '');
}

/** As many whole characters from the start of text as fit into so many bytes. */
function withinBytes(text: string, bytes: number): string {
  if (text.length * MAX_BYTES_PER_UNIT <= bytes) return text;
  const { read } = encoder.encodeInto(text, new Uint8Array(bytes));
  return text.slice(0, read);
}

function mapCharacters(text: string, map: (character: string) => string): string {
  let mapped = '';
  for (const character of text) mapped += map(character);
  return mapped;
}
