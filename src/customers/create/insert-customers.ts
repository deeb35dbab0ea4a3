import { type MikroORM } from '@mikro-orm/postgresql';
import { rowsToJson } from '../../database/records.js';
import { withRetries } from '../../database/retry.js';
import { numberParameters } from '../../database/statement.js';
import { type IdempotentCall } from '../../idempotency/idempotency-key.js';
import { contactColumns, customerColumns } from '../columns.js';
import { contactRows } from '../new-customer.js';
import { type Actor, actorValues } from '../events/actor.js';
import { type CheckedRow } from './checked-row.js';
import { insertCustomersStatement } from './insert-customers.statement.js';
import { type LegacyKey, legacyOutcomes } from './legacy-key.js';
import { fromLetters, type RowOutcome } from './row-outcome.js';

/** The outcomes of a call's rows, of this call or of the first call with its idempotency key. */
export interface Insertion {
  /** In the order of the rows. */
  readonly outcomes: readonly RowOutcome[];
  /** When the customers were stored; null if none was. */
  readonly createdAt: Date | null;
  /** The call that first used the key; undefined when this call is the first or has none. */
  readonly earlier: EarlierCall | undefined;
}

/**
 * The stored data of a call: the seed of its IDs, or its rows if {@link LegacyKey an older gateway} stored it. Nothing is left of a call
 * that created a customer which was erased.
 */
export type EarlierCall =
  | 'ERASED'
  | { readonly requestHash: Buffer; readonly seed: string }
  | { readonly requestHash: Buffer; readonly legacyRows: readonly CheckedRow[] };

/**
 * Stores many customers with their contacts in one statement and one round trip. Each row is independent: a row whose email or external ID
 * is taken, by another customer or by an earlier row, is skipped and the others are stored. If no row is valid, there is no round trip.
 *
 * With an idempotency key that was used before, nothing is stored and the first call's outcomes are returned. The statement stores the key
 * if it stores a customer; the primary key of the keys decides between concurrent calls. A call with a key that stores nothing takes a
 * second round trip.
 */
export type InsertCustomers = (
  actor: Actor,
  rows: readonly CheckedRow[],
  call?: IdempotentCall,
) => Promise<Insertion>;

/** The row that the statement returns. The ORM's pool returns times as PostgreSQL's text. */
export type InsertResult = { readonly createdAt: string | null } & (
  | { readonly requestHash: null; readonly outcomes: string; readonly legacy: null }
  | ((
      | { readonly outcomes: string; readonly seed: string; readonly legacy: null }
      | { readonly legacy: LegacyKey }
    ) & { readonly requestHash: Buffer; readonly isErased: boolean })
);

/** Of two concurrent calls with the same key, the second blocks on this constraint, fails, and is retried; the retry finds the first call's result. */
const KEY_CONSTRAINT = 'idempotency_key_pkey';

/** Writes the statement from the entities' metadata; each connection prepares it once. */
export async function prepareInsertCustomers(orm: MikroORM): Promise<InsertCustomers> {
  const bind = numberParameters(insertCustomersStatement(orm));
  const pool = await orm.em.getConnection().getNativeClient();

  return async (actor, rows, call) => {
    const drafts = rows.flatMap((row) => ('draft' in row ? [row.draft] : []));
    if (drafts.length === 0 && !call) {
      return { outcomes: rows.map(() => 'INVALID'), createdAt: null, earlier: undefined };
    }
    const values = {
      ...actorValues(actor),
      customers: rowsToJson(customerColumns, drafts),
      contacts: rowsToJson(contactColumns, drafts.flatMap(contactRows)),
      key: call?.key,
      requestHash: call?.requestHash,
      seed: call?.seed,
      uuids: JSON.stringify(rows.map((row) => ('draft' in row ? row.draft.uuid : null))),
    };
    const insert = async () => {
      const result = await withRetries(() => pool.query<InsertResult>(bind(values)), [KEY_CONSTRAINT]);
      const [outcome] = result.rows;
      if (!outcome) throw new Error('The statement returned no outcome');
      return outcome;
    };
    let outcome = await insert();
    // The conflicts can be those of the same call, sent twice at the same time. Then its key is visible now.
    const isRefused = outcome.createdAt === null && drafts.length > 0;
    if (call && isRefused) outcome = await insert();
    return toInsertion(outcome);
  };
}

/** The outcomes in a row of the statement. */
export function toInsertion(result: InsertResult): Insertion {
  return {
    outcomes: result.legacy ? legacyOutcomes(result.legacy) : fromLetters(result.outcomes),
    createdAt: result.createdAt === null ? null : new Date(result.createdAt),
    earlier: earlierCall(result),
  };
}

function earlierCall(outcome: InsertResult): EarlierCall | undefined {
  if (outcome.requestHash === null) return undefined;
  if (outcome.isErased) return 'ERASED';
  const { requestHash } = outcome;
  return outcome.legacy
    ? { requestHash, legacyRows: outcome.legacy.rows }
    : { requestHash, seed: outcome.seed };
}
