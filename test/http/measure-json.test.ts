import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type JsonSize, measureJson, MIN_PART_BYTES } from '../../src/http/measure-json.js';

const measure = (text: string) => measureJson(Buffer.from(text));

/** The size of a parsed value. */
function sizeOf(value: unknown): Omit<JsonSize, 'fieldNames'> & { readonly names: readonly string[] } {
  if (typeof value !== 'object' || value === null) return { listItems: 0, inputFields: 0, names: [] };
  const own = Array.isArray(value)
    ? { listItems: value.length, inputFields: 0, names: [] }
    : { listItems: 0, inputFields: Object.keys(value).length, names: Object.keys(value) };
  return Object.values(value)
    .map(sizeOf)
    .reduce(
      (sum, part) => ({
        listItems: sum.listItems + part.listItems,
        inputFields: sum.inputFields + part.inputFields,
        names: [...sum.names, ...part.names],
      }),
      own,
    );
}

test('the size of a JSON text is that of its value, for any strings and white space', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom('', ' ', '\n', '\t \r\n'), (value, space) => {
      const { names, ...size } = sizeOf(value);
      expect(measure(JSON.stringify(value, undefined, space))).toEqual({
        ...size,
        fieldNames: new Set(names).size,
      });
    }),
  );
});

test('every item and every member of a JSON text has its fewest bytes', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = JSON.stringify(value);
      const { listItems, inputFields } = measure(json);
      expect(json.length).toBeGreaterThanOrEqual(MIN_PART_BYTES * (listItems + inputFields));
    }),
  );
  expect(measure('[1,1,1]').listItems * MIN_PART_BYTES).toBe('[1,1,1]'.length - 1);
});

test.each([
  ['{"a":1,"a":2}', { listItems: 0, inputFields: 2, fieldNames: 1 }],
  ['[[], {}, [ ], { }]', { listItems: 4, inputFields: 0, fieldNames: 0 }],
  [String.raw`["\"[,:{", "\\", ",:"]`, { listItems: 3, inputFields: 0, fieldNames: 0 }],
  ['{"[\u003a":[",","]"]}', { listItems: 2, inputFields: 1, fieldNames: 1 }],
])('%s', (text, size) => {
  expect(measure(text)).toEqual(size);
});

test('different names are counted up to one more than the limit', () => {
  const names = Array.from({ length: 50_000 }, (_, index) => [String(index), 0]);
  expect(measure(JSON.stringify(Object.fromEntries(names))).fieldNames).toBe(1_001);
});

test('a text that is not JSON is measured to its end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(() => measureJson(Buffer.from(bytes))).not.toThrow();
    }),
  );
});
