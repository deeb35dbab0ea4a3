import { type CustomerKey } from '../../customers/upsert/upsert-customer.result.js';
import { type RowRules } from '../../customers/csv/read-row.js';
import { type CheckedFile } from './check-file.js';
import { type ImportFiles } from './import-files.js';

/** Parameters of an import. */
export interface ImportJob {
  readonly files: ImportFiles;
  readonly file: CheckedFile;
  /** Identifies how the rows are read. */
  readonly reading: string;
  readonly rules: RowRules;
  readonly teamId: string;
  /** The field by which rows update customers. Null to only create. */
  readonly upsertBy: CustomerKey | null;
}
