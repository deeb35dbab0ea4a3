import fc from 'fast-check';
import { expect, test } from 'vitest';
import { visibleLine, visibleText } from '../../src/validation/visible-text.js';

/** Code points that no output may have: C0, DEL and C1, line separators, bidirectional controls, zero-width characters. */
const RANGES: readonly [number, number][] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0xad, 0xad],
  [0x61c, 0x61c],
  [0x200b, 0x200b],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfeff, 0xfeff],
];
const isForbidden = (character: string) =>
  RANGES.some(([first, last]) => {
    const point = character.codePointAt(0) ?? 0;
    return point >= first && point <= last;
  });

const forbidden = fc
  .oneof(...RANGES.map(([min, max]) => fc.integer({ min, max })))
  .map((point) => String.fromCodePoint(point));
const text = fc.string({
  unit: fc.oneof(forbidden, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })),
});

test('text for a terminal has no control, bidirectional or invisible character but line breaks and tabs', () => {
  fc.assert(
    fc.property(text, (any) => {
      expect(Array.from(visibleText(any)).filter(isForbidden)).toEqual([]);
      expect(
        Array.from(visibleLine(any)).filter(
          (character) => isForbidden(character) || /[\t\n]/.test(character),
        ),
      ).toEqual([]);
    }),
  );
});

test('JSON keeps its meaning', () => {
  fc.assert(
    fc.property(text, (any) => {
      expect(JSON.parse(visibleText(JSON.stringify({ [any]: any }, null, 2)))).toEqual({ [any]: any });
    }),
  );
});

test.each(['Zoë Ωmega עברית العربية', 'می‌خواهم', '👩‍👩‍👧 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿', 'two\nlines\tand a tab'])(
  '%j is written as it is',
  (plain) => {
    expect(visibleText(plain)).toBe(plain);
  },
);

test('a character is written as JSON escapes it', () => {
  expect(visibleText('\u001B[31m\u009B\u202E\u{e0001}')).toBe(String.raw`\u001b[31m\u009b\u202e\udb40\udc01`);
});
