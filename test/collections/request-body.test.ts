import { readFile } from 'node:fs/promises';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';

type RequestBody = (query: string, variables: string, insert: (text: string) => string) => string;

let requestBody: RequestBody;
beforeAll(async () => {
  const source = await readFile('scripts/collections/request-scripts/sign.js', 'utf8');
  requestBody = runInNewContext(`${source}; requestBody`);
});

/** Inserts values as Postman and Bruno do: an unknown name stays as it is. */
const insertFrom = (values: Readonly<Record<string, string>>) => (text: string) =>
  text.replaceAll(/\{\{(\w+)\}\}/g, (part, name: string) => values[name] ?? part);

/** Text without a placeholder, whose meaning depends on the client. */
const value = fc.string({ unit: 'binary' }).filter((text) => !text.includes('{{'));

test('a value inside quotes arrives as it is with any characters', () => {
  fc.assert(
    fc.property(value, value, (before, text) => {
      const variables = JSON.stringify(
        { field: `${before}{{text}}`, list: [['{{text}}'], before, 1] },
        null,
        2,
      );
      expect(JSON.parse(requestBody('{ field }', variables, insertFrom({ text })))).toEqual({
        query: '{ field }',
        variables: { field: before + text, list: [[text], before, 1] },
      });
    }),
  );
});

test('variables without a placeholder arrive as they are', () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: 'binary' }), (variables) => {
      fc.pre(!variables.includes('{{'));
      const body = requestBody('', variables, insertFrom({}));
      expect(JSON.parse(body)).toEqual({ query: '', variables: JSON.parse(variables) });
    }),
  );
});

test('a value without quotes is inserted as it is', () => {
  const body = requestBody(
    '{ field }',
    '{ "version": {{version}}, "text": "{{version}}" }',
    insertFrom({ version: '3' }),
  );
  expect(JSON.parse(body).variables).toEqual({ version: 3, text: '3' });
});

test('a value is inserted into the query', () => {
  expect(JSON.parse(requestBody('{ {{field}} }', '{}', insertFrom({ field: 'node' }))).query).toBe(
    '{ node }',
  );
});

test.each(['{ "version": {{customerVersion}} }', '{ "version": "{{customerVersion}}" }'])(
  'a variable without a value is named: %s',
  (variables) => {
    expect(() => requestBody('', variables, insertFrom({}))).toThrow(
      '{{customerVersion}} has no value. Send the request that sets it first.',
    );
  },
);

test('text around an unknown name arrives as it is', () => {
  const body = requestBody('', '{ "notes": "Dear {{name}}" }', insertFrom({}));
  expect(JSON.parse(body).variables).toEqual({ notes: 'Dear {{name}}' });
});
