import { type ColumnPlan, type PlannedField } from './column-plan.js';
import { unescapeCell } from './spreadsheet-cell.js';

/** How some programs keep a spreadsheet from reading digits as a number: `="0123"`. */
const textFormula = /^="([^"]*)"$/;

/**
 * The text of a cell without what keeps a spreadsheet from changing it. Exports of the gateway have no `="…"`, so there it is text.
 */
function textOf(cell: string, isOwn: boolean): string {
  if (cell.startsWith("'")) return unescapeCell(cell);
  return isOwn ? cell : cell.replace(textFormula, '$1');
}

/** The value of a field in a row, or undefined if all its cells are blank. */
export function fieldText(
  { isOwn }: Pick<ColumnPlan, 'isOwn'>,
  { column, sources }: PlannedField,
  cells: readonly string[],
): string | undefined {
  const isStreet = column.kind === 'address' && column.part === 'street';
  const hasLines = column.kind === 'metadata' || (column.kind === 'text' && column.property === 'notes');
  const separator = isStreet ? ', ' : ' ';
  for (const places of sources) {
    const texts = places
      .map((place) => textOf(cells[place] ?? '', isOwn))
      .filter((text) => text.trim() !== '');
    const [first] = texts;
    if (first === undefined) continue;
    const text =
      texts.length === 1 ? first : texts.map((part) => part.trim()).join(hasLines ? '\n' : separator);
    return hasLines ? text : oneLine(text, separator);
  }
  return undefined;
}

/** A field of one line cannot have line breaks; in files they separate lines of an address. */
function oneLine(text: string, separator: string): string {
  return text
    .split(/[\r\n\t]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(separator);
}
