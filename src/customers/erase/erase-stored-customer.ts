import { type MikroORM } from '@mikro-orm/postgresql';
import { type RecordChange } from '../../audit/record-change.js';
import { parameterValues, rowsToJson } from '../../database/records.js';
import { withRetries } from '../../database/retry.js';
import { type Bind, numberParameters } from '../../database/statement.js';
import { type Executor, inTransaction } from '../../database/transaction.js';
import { updatedColumns } from '../columns.js';
import { type Actor, actorValues, type CommandActor } from '../events/actor.js';
import { type EventActor } from '../events/stored-event.js';
import { BATCH, eraseEventsStatement } from './erase-events.statement.js';
import { eraseRowStatement, keyColumns } from './erase-row.statement.js';
import { erasedCustomer } from './erased-customer.js';
import { lockErasureStatement } from './lock-erasure.statement.js';
import { type CandidateKey, ownKeys } from './own-keys.js';
import { findReceiptStatement, storeReceiptStatement } from './receipt.statement.js';

/** What an erasure removed. */
export interface ErasureReceipt extends EventActor {
  readonly customerId: string;
  /** The event of type `ERASED`. */
  readonly eventId: string;
  readonly erasedAt: Date;
  readonly contacts: number;
  readonly events: number;
  readonly idempotencyKeys: number;
}

/** Erases customers, deleted or not, each in one transaction. */
export interface EraseCustomers {
  /**
   * @param recordChange - adds the erasure to the audit log, unless the customer was erased before.
   * @returns the receipt, of this erasure or of an earlier one; undefined if the team has no such customer.
   */
  erase(actor: Actor, uuid: string, recordChange?: RecordChange): Promise<ErasureReceipt | undefined>;
  /**
   * Erases a customer that was deleted more than `days` days ago.
   *
   * @returns undefined if it was restored or erased meanwhile, or another transaction has locked it.
   */
  eraseExpired(actor: CommandActor, uuid: string, days: number): Promise<ErasureReceipt | undefined>;
}

interface LockedCustomer {
  readonly isErased: boolean;
  readonly keys: readonly CandidateKey[];
}

interface ErasedRow {
  readonly version: number;
  readonly contacts: number;
  readonly idempotencyKeys: number;
}

/** The ORM's pool leaves times as PostgreSQL's text. */
type ReceiptRow = Omit<ErasureReceipt, 'erasedAt'> & { readonly erasedAt: string };

/** Writes the statements from the entities' metadata; each connection prepares them once. */
export async function prepareEraseCustomers(orm: MikroORM): Promise<EraseCustomers> {
  const pool = await orm.em.getConnection().getNativeClient();
  const bindLock = numberParameters(lockErasureStatement({ isExpired: false }));
  const bindLockExpired = numberParameters(lockErasureStatement({ isExpired: true }));
  const bindRow = numberParameters(eraseRowStatement(orm));
  const bindEvents = numberParameters(eraseEventsStatement(orm));
  const bindStore = numberParameters(storeReceiptStatement(orm));
  const bindFind = numberParameters(findReceiptStatement(orm));

  /** Erases the events before `before`, in batches. @returns how many they were. */
  const eraseEvents = async (executor: Executor, values: object, before: number): Promise<number> => {
    for (let total = 0, after = 0; ;) {
      const bound = bindEvents({ ...values, after, before });
      const [batch] = (await executor.query<{ count: number; last: number | null }>(bound)).rows;
      total += batch?.count ?? 0;
      if (!batch?.last || batch.count < BATCH) return total;
      after = batch.last;
    }
  };

  const eraseLocked = async (executor: Executor, actor: Actor, uuid: string, { keys }: LockedCustomer) => {
    const { teamId } = actor;
    const values = {
      ...actorValues(actor),
      ...parameterValues(updatedColumns, erasedCustomer(uuid)),
      uuid,
      keys: rowsToJson(keyColumns, ownKeys(keys, uuid)),
    };
    const [row] = (await executor.query<ErasedRow>(bindRow(values))).rows;
    if (!row) throw new Error('The locked customer was not erased');
    const events = await eraseEvents(executor, { teamId, uuid }, row.version);
    return receiptOf(executor, bindStore({ ...row, uuid, events }));
  };

  const run = (lock: ReturnType<Bind>, actor: Actor, uuid: string, recordChange?: RecordChange) =>
    withRetries(() =>
      inTransaction(pool, async (executor) => {
        const { teamId } = actor;
        const [locked] = (await executor.query<LockedCustomer>({ ...lock })).rows;
        if (!locked) return undefined;
        if (locked.isErased) return receiptOf(executor, bindFind({ teamId, uuid }));
        const receipt = await eraseLocked(executor, actor, uuid, locked);
        await recordChange?.(executor, { teamId, details: { customerId: uuid } });
        return receipt;
      }),
    );

  return {
    erase: (actor, uuid, recordChange) => {
      const { teamId } = actor;
      return run(bindLock({ teamId, uuid }), actor, uuid, recordChange);
    },
    eraseExpired: (actor, uuid, days) => {
      const { teamId } = actor;
      return run(bindLockExpired({ teamId, uuid, days }), actor, uuid);
    },
  };
}

async function receiptOf(executor: Executor, bound: ReturnType<Bind>): Promise<ErasureReceipt> {
  const [row] = (await executor.query<ReceiptRow>(bound)).rows;
  if (!row) throw new Error('An erased customer has no receipt');
  return { ...row, erasedAt: new Date(row.erasedAt) };
}
