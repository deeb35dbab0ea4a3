import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { variables } from '../dist/src/config/environment.js';
import { withSettings } from './chart-settings.ts';

/**
 * Writes the table of settings in docs/configuration.md and the settings of the Helm chart's values from the built code.
 * `--check` fails if a file is out of date.
 */

const START = '<!-- Written by `npm run settings`; do not edit. -->\n';
const END = '\n<!-- End of the settings. -->';

function settingsTable(): string {
  const defaults = new Map<string, unknown>(Object.entries(variables.parse({})));
  const rows = Object.entries(variables.shape).map(([name, setting]) => {
    const { description, defaultText, isSecret } = setting.meta() ?? {};
    if (description === undefined) throw new Error(`${name} has no description`);
    const file = isSecret ? `. \`${name}_FILE\` can name a file with the value instead` : '';
    return [`\`${name}\``, defaultText ?? shown(defaults.get(name)), `${description}${file}`];
  });
  return table([['variable', 'default', 'description'], ...rows]);
}

function shown(value: unknown): string {
  if (value === undefined) return 'none';
  if (typeof value !== 'string' && typeof value !== 'number')
    throw new TypeError('A default needs a defaultText');
  return `\`${value}\``;
}

/** A Markdown table, with columns padded as Prettier does. */
function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('');
}

/** docs/configuration.md with the current table. */
function withTable(document: string): string {
  const [before, rest] = document.split(START);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error('docs/configuration.md lacks the markers');
  return `${before}${START}\n${settingsTable()}${END}${after}`;
}

const written = {
  'docs/configuration.md': withTable,
  'deploy/helm/customer-gateway/values.schema.json': withSettings,
};

const { check } = parseArgs({ options: { check: { type: 'boolean', default: false } } }).values;
for (const [path, update] of Object.entries(written)) {
  const file = new URL(`../${path}`, import.meta.url);
  const content = await readFile(file, 'utf8');
  const updated = update(content);
  if (!check) {
    await writeFile(file, updated);
  } else if (updated !== content) {
    process.stderr.write(`${path} is out of date. Run \`npm run settings\`.\n`);
    process.exitCode = 1;
  }
}
