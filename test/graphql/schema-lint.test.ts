import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { Linter, schemaLint } from '../../tools/schema-lint/config.js';

const good = await readFile('test/graphql/good-schema.graphql', 'utf8');

function brokenRules(schema: string): readonly string[] {
  const found = new Linter().verify(schema, [schemaLint(schema)], { filename: 'schema.graphql' });
  return [...new Set(found.map(({ ruleId, message }) => ruleId ?? message))];
}

test('a good schema passes', () => {
  expect(brokenRules(good)).toEqual([]);
});

describe('a mutation', () => {
  test.each([
    ['answers with a union of its own', '): CreateWidgetsResult!', '): ForgetWidgetsResult!'],
    ['answers with a union, not with a type', ': ForgetWidgetsResult!', ': Forgotten!'],
    ['never answers null', ': ForgetWidgetsResult!', ': ForgetWidgetsResult'],
    ['can be limited', '= Forgotten | RateLimited', '= Forgotten'],
    ['can succeed', '= Forgotten | RateLimited', '= RateLimited'],
    ['with input can find it not valid', 'RateLimited | ValidationError', 'RateLimited'],
  ])('%s', (_, from, to) => {
    expect(brokenRules(good.replace(from, to))).toContain('schema/mutation-results');
  });
});

describe('an error', () => {
  test('is in a union', () => {
    const lost = '"Lost." type Lost implements Error { "Code." code: String! "Message." message: String! }';
    expect(brokenRules(good + lost)).toEqual(['schema/errors-in-unions']);
  });

  test('says so by its interface', () => {
    const schema = good.replace('type RateLimited implements Error', 'type RateLimited');
    expect(brokenRules(schema)).toEqual(['schema/errors-in-unions']);
  });
});

describe('a list says its bound', () => {
  test.each([
    ['as an argument', 'The widgets, at most 50.', 'The widgets.'],
    ['as a field', 'The widgets, one for each input.', 'The widgets.'],
    ['as an input field', 'Its colour."\n  colour: Colour!', 'Its colours."\n  colour: [Colour!]!'],
    ['in a number', 'The widgets, at most 50.', 'The widgets, at most some.'],
    ['in items, not in characters', 'The widgets, at most 50.', 'The widgets, at most 50 characters each.'],
    ['when it is paged, in `first`', 'From the start, at most 100.', 'From the start.'],
    ['when it is paged, in `last`', 'From the end, 1 to 100.', 'From the end.'],
  ])('%s', (_, from, to) => {
    expect(brokenRules(good.replace(from, to))).toEqual(['schema/bounded-lists']);
  });
});

describe('the rules of the tool are as strict as we set them', () => {
  test.each([
    ['require-description', '"A widget."\n', ''],
    ['require-description', '"Its colour."\n  colour', 'colour'],
    ['require-description', '"The widgets, at most 50."', ''],
    ['require-description', '"Dark red."', ''],
    ['require-description', '"Creates widgets."', ''],
    ['no-hashtag-description', '"A widget."\n', '# A widget.\n'],
    ['naming-convention', /WidgetInput/g, 'WidgetFields'],
    ['naming-convention', /ForgetWidgetsResult/g, 'ForgetWidgetsPayload'],
    ['naming-convention', 'DARK_RED', 'darkRed'],
    ['naming-convention', /colour:/g, 'Colour:'],
    ['naming-convention', /\bColour\b/g, 'colour'],
    ['naming-convention', 'first: Int', 'First: Int'],
    ['require-deprecation-reason', '(reason: "Widgets have none.")', ''],
    ['no-unreachable-types', '= Forgotten | RateLimited', '= RateLimited'],
    ['relay-arguments', '"After this cursor."\n    after: String', ''],
    ['relay-connection-types', 'pageInfo: PageInfo!', 'pageInfo: PageInfo'],
    ['relay-edge-types', '"Its cursor."\n  cursor: String!', ''],
    ['relay-page-info', 'hasNextPage: Boolean!', 'hasNextPage: Boolean'],
  ])('%s, case %#', (rule, from, to) => {
    expect(brokenRules(good.replace(from, to))).toContain(`@graphql-eslint/${rule}`);
  });
});
