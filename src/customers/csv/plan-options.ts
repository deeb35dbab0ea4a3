import { type ColumnMap } from './column-map.js';

/** A mapping that a user has saved. It replaces the layout. */
export interface SavedMapping {
  /** Names of columns by field, as in a layout. */
  readonly fields: Readonly<Record<string, readonly (readonly string[])[]>>;
  /** Names of columns that are not read. */
  readonly ignore: readonly string[];
}

/** What a user has said about the columns. */
export interface PlanOptions {
  /** The name of a layout. Default: the layout that the header has. */
  readonly from?: string | undefined;
  readonly mapping?: SavedMapping | undefined;
  /** Each takes precedence over the layout or the mapping. */
  readonly maps: readonly ColumnMap[];
  /** What happens to columns that fill no field. */
  readonly others: 'ignore' | 'metadata' | 'refuse';
}
