import { type ColumnPlan } from '../../customers/csv/column-plan.js';
import { visibleLine } from '../../validation/visible-text.js';
import { type CheckedFile, type ReadOptions } from './check-file.js';

/** Maximum columns that are listed, and maximum characters of a line of the file that is quoted. */
const NAMED_COLUMNS = 100;
const QUOTED = 80;

const delimiterNames: Partial<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'bar',
};

/**
 * How a file is read, as lines for people: what was detected and is not the default, which columns fill which fields, and which are
 * ignored. Nothing for a file of the gateway's own columns in UTF-8 with commas.
 */
export function describeReading(file: CheckedFile, options: ReadOptions): string[] {
  const { plan, encoding, delimiter, sample, titles, footers, line } = file;
  const lines: string[] = [];
  if (plan.layout) {
    const how = options.columns.from === undefined ? ', recognized by its columns' : '';
    lines.push(`Layout: ${plan.layout.title}${how}.`);
  }
  if (encoding !== 'utf-8' && options.encoding === undefined) lines.push(encodingLine(encoding, sample));
  if (delimiter !== ',' && options.delimiter === undefined) {
    lines.push(`Delimiter: ${delimiterNames[delimiter] ?? delimiter}.`);
  }
  if (titles.length > 0) {
    lines.push(`Header on line ${line}. Skipped before it: ${titles.map(quoted).join(', ')}.`);
  }
  if (footers.length > 0) lines.push(`Skipped after the last row: ${footers.map(quoted).join(', ')}.`);
  if (!plan.isOwn) lines.push('Fields and the columns that fill them:', ...fieldLines(plan));
  const names = plan.ignored.map((place) => plan.header[place] ?? '').filter((name) => name !== '');
  if (names.length > 0) lines.push(`Ignored columns: ${listed(names)}.`);
  return lines;
}

function encodingLine(encoding: string, sample: string | undefined): string {
  if (sample === undefined) return `Encoding: ${encoding}.`;
  return `Encoding: ${encoding}, as in ${quoted(sample)}. If that looks wrong, give the right one with --encoding.`;
}

/** The names of the columns of each field, as in a mapping. */
export function fieldSources({ header, fields }: ColumnPlan): Record<string, string[][]> {
  return Object.fromEntries(
    fields.map(({ name, sources }) => [
      name,
      sources.map((places) => places.map((place) => header[place] ?? '')),
    ]),
  );
}

/** Such as `  customer  Company, else First Name + Last Name`. */
function fieldLines(plan: ColumnPlan): string[] {
  const width = plan.fields.reduce((longest, { name }) => Math.max(longest, name.length), 0);
  const lines = Object.entries(fieldSources(plan)).map(([name, sources]) => {
    const columns = sources.map((names) => names.join(' + ')).join(', else ');
    return visibleLine(`  ${name.padEnd(width)}  ${columns}`);
  });
  return lines.length > NAMED_COLUMNS
    ? [...lines.slice(0, NAMED_COLUMNS), `  … and ${lines.length - NAMED_COLUMNS} more.`]
    : lines;
}

function listed(names: readonly string[]): string {
  const more = names.length - NAMED_COLUMNS;
  return visibleLine(`${names.slice(0, NAMED_COLUMNS).join(', ')}${more > 0 ? ` and ${more} more` : ''}`);
}

function quoted(text: string): string {
  const characters = Array.from(text.slice(0, 2 * QUOTED));
  return visibleLine(characters.length > QUOTED ? `"${characters.slice(0, QUOTED).join('')}…"` : `"${text}"`);
}
