import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { variables } from '../src/config/environment.js';

/** Settings that bound what callers may use. */
const BOUND = /_MAX_|_MAX$|^MAX_|TIMEOUT|_WAIT_/;

test('docs/security.md lists every bound that can be set, with its default', async () => {
  const rows = (await readFile('docs/security.md', 'utf8'))
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, , number = '', variable = '']): [string, string] => [variable, number.replaceAll(',', '')])
    .filter(([variable]) => /^`[A-Z_]+`$/.test(variable));
  const defaults = Object.entries(variables.parse({}))
    .filter(([name]) => BOUND.test(name))
    .map(([name, value]): [string, string] => [`\`${name}\``, String(value)]);
  expect(defaults.length).toBeGreaterThan(15);
  expect(Object.fromEntries(rows)).toMatchObject(Object.fromEntries(defaults));
});
