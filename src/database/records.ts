import { type Values } from './statement.js';

/** A column of a row to store: its property in the entity, its type in PostgreSQL, and where its value comes from. */
export type Column<Row, Property extends string = string> = readonly [
  property: Property,
  type: string,
  value: (row: Row) => unknown,
];

/** Rows as the JSON that {@link records} reads back. */
export function rowsToJson<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  return listOf(rows.map((row) => rowToJson(columns, row)));
}

/** One row of the JSON that {@link rowsToJson} gives. */
export function rowToJson<Row>(columns: readonly Column<Row>[], row: Row): string {
  return JSON.stringify(Object.fromEntries(columns.map(([property, , value]) => [property, value(row)])));
}

/** A JSON list of JSON texts. */
export const listOf = (texts: readonly string[]): string => `[${texts.join(',')}]`;

/**
 * A list of rows in a statement, from one JSON parameter. One text is cheaper to send and to read than an array for
 * each column, and its plan does not depend on how many rows there are.
 */
export function records(columns: readonly Column<never>[], alias: string, parameter: string): string {
  const fields = columns.map(([property, type]) => `"${property}" ${type}`);
  return `json_to_recordset(${parameter}) as ${alias} (${fields.join(', ')})`;
}

/** SQL: a parameter for each column of a row. The part of an address, `billingAddress.street`, is `:'billingAddress_street'`. */
export function parameters(columns: readonly Column<never>[]): string {
  return columns.map(([property, type]) => `:'${parameterName(property)}'::${type}`).join(', ');
}

/** The values of a row's {@link parameters}. */
export function parameterValues<Row>(columns: readonly Column<Row>[], row: Row): Values {
  return Object.fromEntries(columns.map(([property, , value]) => [parameterName(property), value(row)]));
}

function parameterName(property: string): string {
  return property.replace('.', '_');
}
