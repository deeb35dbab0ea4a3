import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { compareSchemas } from '../../scripts/compare-schemas.ts';

const released = `
  type Query { widget(id: ID!, shade: Int = 1): Widget, answer: Answer }
  type Widget { title: String!, colour: Colour! }
  type Lost { at: String! }
  enum Colour { RED BLUE }
  union Answer = Widget | Lost
`;

const changesOf = (from: string, to: string) => compareSchemas(released, released.replace(from, to));

describe('a change breaks clients when it', () => {
  test.each([
    ['removes a field', 'title: String!, ', '', 'Widget.title was removed.'],
    ['lets a field be null', 'title: String!', 'title: String', 'Widget.title changed type'],
    ['asks for a new argument', 'shade:', 'size: Int!, shade:', 'A required arg size'],
    ['removes an enum value', 'RED BLUE', 'RED', 'BLUE was removed from enum type Colour.'],
    ['takes a member from a union', 'Widget | Lost', 'Widget', 'Lost was removed from union type Answer.'],
    ['changes a default', 'shade: Int = 1', 'shade: Int = 2', 'has changed defaultValue from 1 to 2.'],
  ])('%s', (_, from, to, description) => {
    expect(changesOf(from, to)).toEqual({ breaking: [expect.stringContaining(description)], expected: [] });
  });
});

describe('a change is one that clients are documented to expect when it', () => {
  test.each([
    ['adds an optional argument', 'shade:', 'size: Int, shade:', 'An optional arg size'],
    ['adds an enum value', 'RED BLUE', 'RED BLUE GREEN', 'GREEN was added to enum type Colour.'],
    [
      'adds a member to a union',
      'Widget | Lost',
      'Widget | Lost | Query',
      'Query was added to union type Answer.',
    ],
  ])('%s', (_, from, to, description) => {
    expect(changesOf(from, to)).toEqual({ breaking: [], expected: [expect.stringContaining(description)] });
  });
});

test('a new field is no change for clients', () => {
  expect(changesOf('title:', 'size: Int!, title:')).toEqual({ breaking: [], expected: [] });
});

test('the schema breaks no client of the last release', async () => {
  const schema = await readFile('schema.graphql', 'utf8');
  expect(compareSchemas(await readFile('schema.released.graphql', 'utf8'), schema).breaking).toEqual([]);
});
