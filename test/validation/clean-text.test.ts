import { expect, test } from 'vitest';
import fc from 'fast-check';
import { cleanText, hasTooManyMarks } from '../../src/validation/clean-text.js';

/** Bytes of a request are at most 1 MiB; this is as many characters. */
const LONG = 1_048_576;

/** A text for each way to make normalising or trimming slow. */
const SLOW = [
  'a' + '\u0301\u0327'.repeat(LONG / 2),
  '\u0344'.repeat(LONG),
  ('a' + '\u0301\u0327'.repeat(15)).repeat(LONG / 31),
  '\u200b'.repeat(LONG) + 'a',
  'a' + '\u200b '.repeat(LONG / 2) + 'a',
];

test('no character takes more than 6 UTF-16 units before it is normalised', () => {
  let longest = 0;
  for (let code = 0; code <= 0x10_ff_ff; code += 1) {
    const character = String.fromCodePoint(code);
    if (!character.isWellFormed()) continue;
    const decomposed = character.normalize('NFD');
    const composed = decomposed.normalize('NFC');
    longest = Math.max(longest, decomposed.length / Array.from(composed).length);
  }
  expect(longest).toBe(6);
});

test('text that its field may have is cleaned, however many units it is sent in', () => {
  expect(cleanText('\u{16d63}\u{16d67}\u{16d67}'.repeat(255), 255)).toBe('\u{16d6a}'.repeat(255));
});

test('a run of more than 30 combining marks is found, and no shorter one', () => {
  expect(hasTooManyMarks(`a${'\u0301'.repeat(30)}b${'\u0301'.repeat(30)}`)).toBe(false);
  expect(hasTooManyMarks(`a${'\u0301'.repeat(31)}b`)).toBe(true);
});

test.each(SLOW)(
  'text %# that is slow to normalise or to trim is cleaned well within the time that a test may take',
  (text) => {
    // Normalising the first one as it is takes minutes.
    expect(cleanText(text, LONG).length).toBeGreaterThan(0);
  },
);

test('cleaning again changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const once = cleanText(text, 1_000);
      expect(cleanText(once, 1_000)).toBe(once);
    }),
  );
});
