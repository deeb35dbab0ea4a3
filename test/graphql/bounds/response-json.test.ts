import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { measuredJson } from '../../../src/graphql/bounds/response-plugin.js';

/** A customer whose parts are in the response several times. */
function repeated() {
  let made = 0;
  const text = 'x'.repeat(100);
  const customer = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`name${index}`, text]));
  return {
    result: { data: { customer: { ...customer, last: { toJSON: () => (made += 1) } } } },
    made: () => made,
  };
}

test.each([
  ['a field', 'query { customer(uuid: "x") { name0: customer name1: customer } }'],
  ['a fragment', 'query { customer(uuid: "x") { ...Names } } fragment Names on Customer { name0: customer }'],
])('with an alias in %s, no JSON is made of a response that is too large', (_where, source) => {
  const { result, made } = repeated();
  expect(measuredJson(result, parse(source), 1_000)).toBeUndefined();
  expect(made()).toBe(0);
});

test('without an alias, the JSON is made and then measured', () => {
  const { result, made } = repeated();
  expect(measuredJson(result, parse('query { customer(uuid: "x") { customer } }'), 1_000)).toBeUndefined();
  expect(made()).toBe(1);
});

test('an alias does not change the JSON of a response', () => {
  const { result } = repeated();
  const json = measuredJson(result, parse('query { renamed: customer(uuid: "x") { customer } }'), 100_000);
  expect(JSON.parse(json ?? '')).toMatchObject({ data: { customer: { name0: 'x'.repeat(100) } } });
});
