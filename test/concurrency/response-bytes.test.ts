import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteBudget } from '../../src/concurrency/byte-budget.js';
import { jsonBytes, jsonWithin, ResponseBytes } from '../../src/concurrency/response-bytes.js';

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
  test('is the bytes of its JSON, which is made within them and no fewer', () => {
    const data = fc.dictionary(
      fc.string({ unit: 'grapheme-ascii' }),
      fc.oneof(results, fc.record({ items: fc.array(results) })),
    );
    fc.assert(
      fc.property(fc.record({ data, extensions: data }, { requiredKeys: ['data'] }), (result) => {
        const json = JSON.stringify(result);
        const bytes = Buffer.byteLength(json);
        expect(jsonWithin(result, bytes)).toBe(json);
        expect(jsonWithin(result, bytes - 1)).toBeUndefined();
      }),
    );
  });

  test.each([
    ['a list', (list: unknown[]) => ({ root: list })],
    ['a list in a root field', (list: unknown[]) => ({ root: { before: 1, list } })],
    [
      'root fields',
      (list: unknown[]) => Object.fromEntries(list.map((item, index) => [`root${index}`, item])),
    ],
  ])('stops the making of its JSON with the part of %s that exceeds the limit', (_where, dataOf) => {
    let made = 0;
    const item = { toJSON: () => `${(made += 1)}`.padStart(98, '0') };
    expect(jsonWithin({ data: dataOf(Array.from({ length: 50 }, () => item)) }, 1_000)).toBeUndefined();
    expect(made).toBeLessThanOrEqual(10);
  });

  test('has the bytes of a text in UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(jsonBytes(text, Infinity)).toBe(Buffer.byteLength(text) + '"",'.length);
      }),
    );
  });
});

test('the peak of a response has what was read for it, also after it was refused or sent', () => {
  const response = new ResponseBytes('client', { bytes: 1_000, budget: new ByteBudget(1_000_000) });
  response.addRows(['x'.repeat(500)]);
  response.setResponse(100);
  expect(response.peak).toBeGreaterThanOrEqual(500);
  expect(() => response.addRows(['x'.repeat(5_000)])).toThrow(/rows of the response exceed 2000 bytes/);
  response.release();
  expect(response.peak).toBeGreaterThan(2_000);
});
