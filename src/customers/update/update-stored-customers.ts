import { type MikroORM } from '@mikro-orm/postgresql';
import { isRetryable, withRetries } from '../../database/retry.js';
import { numberParameters } from '../../database/statement.js';
import { type Executor, inTransaction } from '../../database/transaction.js';
import { uniqueIndexNames } from '../constraints.js';
import { type StoredCustomer } from '../new-customer.js';
import { type SelectedCustomer, customerFromRow } from '../select-customer.js';
import { type Actor } from '../events/actor.js';
import { type CustomerUpdate } from './apply-update.js';
import { lockCustomersStatement } from './lock-customers.statement.js';
import { readCustomersStatement } from './read-customers.statement.js';
import { prepareWriteUpdates } from './write-updates.js';

/**
 * Applies updates to customers.
 *
 * @param uuids - the customers to update.
 * @param current - the current customers by ID. Those that the team does not have are missing.
 * @returns the updates to store.
 */
export type Decide = (
  uuids: readonly string[],
  current: ReadonlyMap<string, StoredCustomer>,
  executor: Executor,
) => Promise<readonly CustomerUpdate[]>;

/**
 * Reads customers of a team, applies updates with `decide` and stores them, in two round trips for any number of customers. An update
 * that loses a race is retried under a row lock, so 40 concurrent updates of one customer all succeed.
 *
 * @returns the customers as stored.
 */
export type UpdateCustomers = (
  actor: Actor,
  uuids: readonly string[],
  decide: Decide,
) => Promise<ReadonlyMap<string, StoredCustomer>>;

/** Writes the statements from the entities' metadata; each connection prepares them once. */
export async function prepareUpdateCustomers(orm: MikroORM): Promise<UpdateCustomers> {
  const pool = await orm.em.getConnection().getNativeClient();
  const { read, lock } = prepareReads(orm);
  const write = prepareWriteUpdates(orm);

  return async (actor, uuids, decide) => {
    const { teamId } = actor;
    const written = new Map<string, StoredCustomer>();
    const attempt = async (executor: Executor, some: readonly string[]): Promise<string[]> => {
      const current = await read(executor, teamId, some);
      const changed = await decide(some, current, executor);
      for (const customer of await write(executor, actor, changed)) {
        written.set(customer.uuid, customer);
      }
      return changed.map(({ draft }) => draft.uuid).filter((uuid) => !written.has(uuid));
    };
    const stale = await attempt(pool, uuids).catch((error: unknown) => {
      // For example, another request took an email or an external ID meanwhile.
      if (!isRetryable(error, uniqueIndexNames)) throw error;
      return uuids;
    });
    if (stale.length > 0) {
      const attemptLocked = () =>
        inTransaction(pool, async (executor) => {
          await lock(executor, teamId, stale);
          await attempt(executor, stale);
        });
      await withRetries(attemptLocked, uniqueIndexNames);
    }
    return written;
  };
}

function prepareReads(orm: MikroORM) {
  const bindRead = numberParameters(readCustomersStatement(orm));
  const bindLock = numberParameters(lockCustomersStatement);
  return {
    read: async (executor: Executor, teamId: string, uuids: readonly string[]) => {
      const { rows } = await executor.query<SelectedCustomer>(bindRead({ teamId, uuids }));
      return new Map(rows.map((row) => [row.uuid, customerFromRow(row)]));
    },
    lock: async (executor: Executor, teamId: string, uuids: readonly string[]) => {
      await executor.query(bindLock({ teamId, uuids, isMany: uuids.length > 1 }));
    },
  };
}
