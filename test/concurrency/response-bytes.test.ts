import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exceeds, jsonBytes } from '../../src/concurrency/response-bytes.js';

/** Results as graphql-js makes them: objects without a prototype, and texts with one to four bytes a character. */
const results = fc.letrec((tie) => ({
  result: fc.oneof(
    { maxDepth: 4 },
    fc.string({ unit: 'binary' }),
    fc.constantFrom(null, true, 1),
    fc.array(tie('result')),
    fc.dictionary(fc.string({ unit: 'grapheme-ascii' }), tie('result'), { noNullPrototype: false }),
  ),
})).result;

describe('the size of a response', () => {
  test('exceeds every limit below its bytes, and no other', () => {
    fc.assert(
      fc.property(results, fc.integer({ min: -3, max: 3 }), (result, difference) => {
        const bytes = jsonBytes(result, Infinity);
        expect(exceeds(result, bytes + difference)).toBe(difference < 0);
      }),
    );
  });

  test('has the bytes of a text in UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(jsonBytes(text, Infinity)).toBe(Buffer.byteLength(text) + '"",'.length);
      }),
    );
  });
});
