import { type MikroORM } from '@mikro-orm/postgresql';
import { names } from '../../database/names.js';
import { records, toJson } from '../../database/records.js';
import { withRetries } from '../../database/retry.js';
import { IdempotencyKey } from '../../idempotency/idempotency-key.entity.js';
import { type IdempotentCall } from '../../idempotency/idempotency-key.js';
import { contactColumns, customerColumns } from '../columns.js';
import { Contact } from '../contact.entity.js';
import { Customer } from '../customer.entity.js';
import { emailIsTaken, externalIdIsTaken } from '../find-conflicts.js';
import { contactRows } from '../new-customer.js';
import { teamLock } from '../team-lock.js';
import { type CheckedRow } from './checked-row.js';
import { type LegacyKey, legacyOutcomes } from './legacy-key.js';
import { fromLetters, type RowOutcome, rowLetters } from './row-outcome.js';

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
  const text = insertStatement(orm);
  const pool = await orm.em.getConnection().getNativeClient();

  return async (teamId, rows, call) => {
    const drafts = rows.flatMap((row) => ('draft' in row ? [row.draft] : []));
    if (drafts.length === 0 && !call) {
      return { outcomes: rows.map(() => 'INVALID'), createdAt: null, earlier: undefined };
    }
    const values = [
      teamId,
      toJson(customerColumns, drafts),
      toJson(contactColumns, drafts.flatMap(contactRows)),
      call?.clientId,
      call?.key,
      call?.requestHash,
      call?.seed,
      JSON.stringify(rows.map((row) => ('draft' in row ? row.draft.uuid : null))),
    ];
    const insert = async () => {
      const statement = { name: 'insert-customers', text, values };
      const result = await withRetries(() => pool.query<Outcome>(statement), [KEY_CONSTRAINT]);
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

function insertStatement(orm: MikroORM): string {
  const customer = names(orm, Customer);
  const contact = names(orm, Contact);
  const key = names(orm, IdempotencyKey);
  const kept = key.columns([['team'], ['client'], ['key'], ['requestHash'], ['seed'], ['outcomes']]);
  return `
    with ${teamLock}, known as (
      select ${key.column('outcomes')} as "outcomes", ${key.column('createdAt')} as "createdAt",
        ${key.column('requestHash')} as "requestHash", ${key.column('seed')} as "seed",
        case when ${key.column('result')} is not null then
          json_build_object('rows', ${key.column('result')}, 'conflicts', ${key.column('conflicts')})
        end as "legacy"
      from ${key.table}
      where ${key.column('team')} = $1::uuid and ${key.column('client')} = $4::uuid and ${key.column('key')} = $5::text
    ), given as (
      select * from ${records(customerColumns, 'given', '$2::json')}
      where not exists (select from known) and exists (select from team_lock)
    ), new_customer as (
      insert into ${customer.table} (${customer.column('team')}, ${customer.columns(customerColumns)})
      select $1::uuid, given.* from given
      on conflict do nothing
      returning ${customer.column('uuid')} as "uuid", ${customer.column('emailKey')} as "emailKey",
        ${customer.column('externalId')} as "externalId", ${customer.column('createdAt')} as "createdAt"
    ), new_contact as (
      insert into ${contact.table} (${contact.columns(contactColumns)})
      select contact.* from ${records(contactColumns, 'contact', '$3::json')}
      where contact."customer" in (select "uuid" from new_customer)
    ), refused as (
      select given."uuid", case
        when given."externalId" is null or ${emailIsTaken(customer)}
          or given."emailKey" in (select "emailKey" from new_customer) then 'EMAIL_EXISTS'
        when ${externalIdIsTaken(customer)}
          or given."externalId" in (select "externalId" from new_customer) then 'EXTERNAL_ID_EXISTS'
      end as "code"
      from given where given."uuid" not in (select "uuid" from new_customer)
    ), outcome as (
      select (${rowLetters('$8::json')}
      ) as "outcomes", (select min("createdAt") from new_customer) as "createdAt",
        null::bytea as "requestHash", null::uuid as "seed", null::json as "legacy"
      where not exists (select from known)
    ), new_key as (
      insert into ${key.table} (${kept})
      select $1::uuid, $4::uuid, $5::text, $6::bytea, $7::uuid, "outcomes" from outcome
      where $5::text is not null and "createdAt" is not null
    )
    select * from known union all select * from outcome`;
}
