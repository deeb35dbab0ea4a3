import { type ColumnPlan } from '../../customers/csv/column-plan.js';
import { type CheckedFile, type ReadOptions } from './check-file.js';
import { listedNames, NAME_LENGTH, shortLine } from './short-text.js';

/** Maximum fields that are listed, and maximum characters of a line of the file that is quoted. */
const NAMED_FIELDS = 100;
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
  if (names.length > 0) lines.push(`Ignored columns: ${listedNames(names, ', ')}.`);
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
  const lines = plan.fields.slice(0, NAMED_FIELDS).map(({ name, sources }) => {
    const nameOf = (place: number) => shortLine(plan.header[place] ?? '', NAME_LENGTH);
    const columns = sources.map((places) => places.map(nameOf).join(' + ')).join(', else ');
    return `  ${name.padEnd(width)}  ${columns}`;
  });
  const more = plan.fields.length - NAMED_FIELDS;
  return more > 0 ? [...lines, `  … and ${more} more.`] : lines;
}

const quoted = (text: string) => `"${shortLine(text, QUOTED)}"`;
