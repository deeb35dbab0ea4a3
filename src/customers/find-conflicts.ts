import { type MikroORM } from '@mikro-orm/postgresql';
import { toJson } from '../database/records.js';
import { numberParameters } from '../database/statement.js';
import { type Executor } from '../database/transaction.js';
import { type ConflictCode } from './conflict.type.js';
import { claimColumns, findConflictsStatement } from './find-conflicts.statement.js';

/** What a customer, new or not, wants for itself alone. */
export interface UniqueValues {
  readonly uuid: string;
  readonly email: string;
  readonly externalId: string | null;
}

/** How a customer's claims stand. */
export interface ConflictCheck {
  readonly uuid: string;
  /** What another customer of the team has; null if none stands against it. */
  readonly code: ConflictCode | null;
}

/** Looks whether other customers of the team have what these claim. One round trip. */
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
    const statement = bind({ teamId, claims: toJson(claimColumns, claims) });
    const { rows } = await executor.query<ConflictCheck & { code: ConflictCode | null }>(statement);
    return new Map(rows.map((row) => [row.uuid, row]));
  };
}
