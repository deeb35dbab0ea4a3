/**
 * First characters of a cell that a spreadsheet runs as a formula, also in their full-width forms
 * (https://owasp.org/www-community/attacks/CSV_Injection).
 */
const FORMULA = '=+\\-@\uFF1D\uFF0B\uFF0D\uFF20';

/** A cell that a spreadsheet runs, or one that {@link unescapeCell} would change. */
const runnable = new RegExp(`^'*[${FORMULA}]|^'+\\d`);

/** A cell that {@link unescapeCell} changes. */
const escaped = new RegExp(`^'+[${FORMULA}\\d]`);

/**
 * Escapes a cell, so that {@link unescapeCell} gives back its text.
 *
 * @param forSpreadsheets - whether cells that a spreadsheet would run as formulas get an apostrophe. Without it, only a cell
 * that has an apostrophe before such a character gets another one.
 */
export function escapeCell(cell: string, forSpreadsheets: boolean): string {
  return (forSpreadsheets ? runnable : escaped).test(cell) ? `'${cell}` : cell;
}

/**
 * Removes the apostrophe by which a spreadsheet keeps a cell as text: before a character that begins a formula, and before a
 * digit.
 */
export function unescapeCell(cell: string): string {
  return escaped.test(cell) ? cell.slice(1) : cell;
}
