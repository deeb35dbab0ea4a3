import { readFile } from 'node:fs/promises';
import { buildSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { scopes } from '../src/auth/scopes.js';
import { errorCodes } from '../src/errors/error-codes.js';

const document = await readFile('docs/api.md', 'utf8');
const schema = buildSchema(await readFile('schema.graphql', 'utf8'));

/** Names in backticks in the rows of a section's tables, by the name in the first column. */
function rowsOf(heading: string): Map<string | undefined, string[]> {
  const [section = ''] = document.split(`\n## ${heading}\n`)[1]?.split('\n## ') ?? [];
  return new Map(
    [...section.matchAll(/^\|.*/gm)].map(([row]) => {
      const names = [...row.matchAll(/`(?<name>[^`]+)`/g)].map(({ groups = {} }) => groups['name'] ?? '');
      return [names[0], names];
    }),
  );
}

describe('docs/api.md', () => {
  test.each([
    ['Mutations', schema.getMutationType()],
    ['Queries', schema.getQueryType()],
  ])('%s lists every root field with its arguments', (heading, type) => {
    const fields = Object.values(type?.getFields() ?? {});
    expect(fields.length).toBeGreaterThan(4);
    const rows = rowsOf(heading);
    for (const { name, args } of fields) {
      expect(rows.get(name)).toEqual(expect.arrayContaining(args.map((argument) => argument.name)));
    }
  });

  test('lists every root field with its scope', () => {
    const fields = { ...schema.getMutationType()?.getFields(), ...schema.getQueryType()?.getFields() };
    const rows = new Map([...rowsOf('Mutations'), ...rowsOf('Queries')]);
    for (const { name, description } of Object.values(fields)) {
      if (description?.includes("the scope of the object's type") === true) continue;
      const declared = [...(description ?? '').matchAll(/`(?<scope>[a-z]+:[a-z]+)`/g)];
      expect(declared).not.toEqual([]);
      expect(rows.get(name)).toEqual(
        expect.arrayContaining(declared.map(({ groups = {} }) => groups['scope'])),
      );
    }
  });

  test('lists every scope', () => {
    expect([...rowsOf('Scopes').keys()]).toEqual(expect.arrayContaining([...scopes]));
  });

  test('lists every error code', () => {
    const codes = [...rowsOf('Outcomes').values(), ...rowsOf('Errors').values()].flat();
    expect(codes).toEqual(expect.arrayContaining(Object.values(errorCodes)));
  });

  test('lists every code of a field error', () => {
    const type = schema.getType('FieldErrorCode');
    const codes = type !== undefined && 'getValues' in type ? type.getValues().map(({ name }) => name) : [];
    expect(codes.length).toBeGreaterThan(5);
    expect([...rowsOf('Field errors').keys()]).toEqual(expect.arrayContaining(codes));
  });
});
