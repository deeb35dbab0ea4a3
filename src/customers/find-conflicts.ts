import { type MikroORM } from '@mikro-orm/postgresql';
import { rowsToJson } from '../database/records.js';
import { numberParameters } from '../database/statement.js';
import { type Executor } from '../database/transaction.js';
import { type ConflictCode } from './conflict.type.js';
import { claimColumns, findConflictsStatement } from './find-conflicts.statement.js';

/** The values of a customer that must be unique in its team. */
export interface UniqueValues {
  readonly uuid: string;
  readonly email: string;
  readonly externalId: string | null;
}

/** The conflict of one customer. */
export interface ConflictCheck {
  readonly uuid: string;
  /** The conflict with another customer of the team; `null` if there is none. */
  readonly code: ConflictCode | null;
}

/** Finds other customers of the team with the same unique values. One round trip. */
export type FindConflicts = (
  teamId: string,
  claims: readonly UniqueValues[],
  executor?: Executor,
) => Promise<ReadonlyMap<string, ConflictCheck>>;

/** Each connection prepares the statement once. */
export async function prepareFindConflicts(orm: MikroORM): Promise<FindConflicts> {
  const pool = await orm.em.getConnection().getNativeClient();
  const bind = numberParameters(findConflictsStatement);

  return async (teamId, claims, executor = pool) => {
    const statement = bind({ teamId, claims: rowsToJson(claimColumns, claims) });
    const { rows } = await executor.query<ConflictCheck & { code: ConflictCode | null }>(statement);
    return new Map(rows.map((row) => [row.uuid, row]));
  };
}
