import { type MikroORM } from '@mikro-orm/postgresql';
import { numberParameters } from '../database/statement.js';
import { type ChangeDetails } from './change.js';
import { listAuditEntriesStatement } from './list-audit-entries.statement.js';
import { type Operator } from './operator.js';

/** An entry of the audit log. */
export interface ListedEntry extends Operator {
  readonly id: string;
  readonly createdAt: Date;
  readonly databaseRole: string;
  readonly action: string;
  readonly teamId: string | null;
  readonly clientId: string | null;
  readonly details: ChangeDetails;
}

/** Which entries to list. A filter that is undefined is not applied. */
export interface AuditFilter {
  readonly since: Date | undefined;
  /** An action, or the first word of several, such as `client`. */
  readonly action: string | undefined;
  readonly teamId: string | undefined;
  readonly clientId: string | undefined;
  /** Any ID in the entry. */
  readonly target: string | undefined;
}

const bindList = numberParameters(listAuditEntriesStatement);

/** The newest entries that match, at most `limit`. */
export async function listAuditEntries(
  orm: MikroORM,
  { since, ...filter }: AuditFilter,
  limit: number,
): Promise<ListedEntry[]> {
  const pool = await orm.em.getConnection().getNativeClient();
  const bound = bindList({ ...filter, since: since?.toISOString(), limit });
  const { rows } = await pool.query<ListedEntry & { readonly createdAt: string }>(bound);
  return rows.map((row) => ({ ...row, createdAt: new Date(row.createdAt) }));
}
