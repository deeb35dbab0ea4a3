import { type MikroORM } from '@mikro-orm/postgresql';
import { toJson } from '../../database/records.js';
import { withRetries } from '../../database/retry.js';
import { numberParameters } from '../../database/statement.js';
import { type IdempotentCall } from '../../idempotency/idempotency-key.js';
import { contactColumns, customerColumns } from '../columns.js';
import { contactRows } from '../new-customer.js';
import { type CheckedRow } from './checked-row.js';
import { insertCustomersStatement } from './insert-customers.statement.js';
import { type LegacyKey, legacyOutcomes } from './legacy-key.js';
import { fromLetters, type RowOutcome } from './row-outcome.js';

/** What became of a call's rows, now or when its idempotency key was first used. */
export interface Insertion {
  /** In the order sent. */
  readonly outcomes: readonly RowOutcome[];
  /** When the customers were stored; null if none was. */
  readonly createdAt: Date | null;
  /** The call that first used the key; undefined when this call is the first or has none. */
  readonly earlier: EarlierCall | undefined;
}

/** What is kept of a call under its key: the seed of its ids, or its rows if {@link LegacyKey an older gateway} kept it. */
export type EarlierCall =
  | { readonly requestHash: Buffer; readonly seed: string }
  | { readonly requestHash: Buffer; readonly legacyRows: readonly CheckedRow[] };

/**
 * Stores many customers with their contacts in one statement and one round trip. Each stands alone: one whose email or
 * external id is taken, by another customer or by an earlier row, is left out and the others are stored. Rows of which
 * none is valid cost no round trip.
 *
 * With an idempotency key that was used before nothing is stored and the earlier call's outcomes come back. The key is kept
 * by the same statement, if that stores a customer; the key's own uniqueness decides between two calls at once. A call
 * with a key that stores nothing takes a second round trip.
 */
export type InsertCustomers = (
  teamId: string,
  rows: readonly CheckedRow[],
  call?: IdempotentCall,
) => Promise<Insertion>;

/** A row as the statement gives it. The ORM's pool leaves times as PostgreSQL's text. */
type Outcome = { readonly createdAt: string | null } & (
  | { readonly requestHash: null; readonly outcomes: string; readonly legacy: null }
  | { readonly requestHash: Buffer; readonly outcomes: string; readonly seed: string; readonly legacy: null }
  | { readonly requestHash: Buffer; readonly legacy: LegacyKey }
);

/** Two calls with one key at once: the second waits for the first, is undone by this constraint, and then sees it. */
const KEY_CONSTRAINT = 'idempotency_key_pkey';

/** Writes the statement from the entities' metadata; each connection prepares it once. */
export async function prepareInsertCustomers(orm: MikroORM): Promise<InsertCustomers> {
  const bind = numberParameters(insertCustomersStatement(orm));
  const pool = await orm.em.getConnection().getNativeClient();

  return async (teamId, rows, call) => {
    const drafts = rows.flatMap((row) => ('draft' in row ? [row.draft] : []));
    if (drafts.length === 0 && !call) {
      return { outcomes: rows.map(() => 'INVALID'), createdAt: null, earlier: undefined };
    }
    const values = {
      teamId,
      customers: toJson(customerColumns, drafts),
      contacts: toJson(contactColumns, drafts.flatMap(contactRows)),
      clientId: call?.clientId,
      key: call?.key,
      requestHash: call?.requestHash,
      seed: call?.seed,
      uuids: JSON.stringify(rows.map((row) => ('draft' in row ? row.draft.uuid : null))),
    };
    const insert = async () => {
      const result = await withRetries(() => pool.query<Outcome>(bind(values)), [KEY_CONSTRAINT]);
      const [outcome] = result.rows;
      if (!outcome) throw new Error('The statement gave no outcome');
      return outcome;
    };
    let outcome = await insert();
    // What stands against this call may be what it stored itself, when it was sent twice and the other one was under
    // way: that one's key is there to be seen now.
    const isRefused = outcome.createdAt === null && drafts.length > 0;
    if (call && isRefused) outcome = await insert();
    return {
      outcomes: outcome.legacy ? legacyOutcomes(outcome.legacy) : fromLetters(outcome.outcomes),
      createdAt: outcome.createdAt === null ? null : new Date(outcome.createdAt),
      earlier: earlierCall(outcome),
    };
  };
}

function earlierCall(outcome: Outcome): EarlierCall | undefined {
  if (outcome.requestHash === null) return undefined;
  const { requestHash } = outcome;
  return outcome.legacy
    ? { requestHash, legacyRows: outcome.legacy.rows }
    : { requestHash, seed: outcome.seed };
}
