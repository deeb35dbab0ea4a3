import { readFile, writeFile } from 'node:fs/promises';
import { format } from 'prettier';

const END = '<!-- End of what the bench wrote. -->';

type Cells = readonly (string | number)[];

export const row = (cells: Cells) => `| ${cells.join(' | ')} |`;
export const head = (cells: Cells) => [row(cells), row(cells.map((_, i) => (i === 0 ? '---' : '--:')))];
export const whole = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 0 });

/** Replaces what `command` wrote into a document of `docs/` before. */
export async function writeSection(document: string, command: string, markdown: string): Promise<void> {
  const file = new URL(`../docs/${document}`, import.meta.url);
  const begin = `<!-- Written by \`${command}\`; do not edit. -->`;
  const text = await readFile(file, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(END, from);
  if (from < 0 || to < 0) throw new Error(`${file.pathname} has no place for it`);
  const changed = `${text.slice(0, from)}${begin}\n\n${markdown}\n\n${text.slice(to)}`;
  await writeFile(file, await format(changed, { parser: 'markdown', printWidth: 110 }));
}
