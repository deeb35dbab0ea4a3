import { type MikroORM } from '@mikro-orm/postgresql';
import { parameterValues, rowsToJson } from '../../database/records.js';
import { isRetryable, withRetries } from '../../database/retry.js';
import { numberParameters } from '../../database/statement.js';
import { type Executor, inTransaction } from '../../database/transaction.js';
import { Unavailable } from '../../errors/unavailable.js';
import { contactColumns, customerColumns } from '../columns.js';
import { uniqueIndexNames } from '../constraints.js';
import { type StoredCustomer } from '../new-customer.js';
import { contactRows, type NewCustomer } from '../new-customer.js';
import { type SelectedCustomer, customerFromRow } from '../select-customer.js';
import { type Actor, actorValues } from '../events/actor.js';
import { lockCustomerStatement } from './lock-customer.statement.js';
import { type ProvidedFields } from './provided-fields.js';
import { upsertCustomerStatement } from './upsert-customer.statement.js';
import { CustomerKey } from './upsert-customer.result.js';
import { upsertKeys } from './upsert-key.js';

/**
 * Creates a customer, or updates the provided fields of the existing customer with the same email or external ID, in one statement. If
 * that customer changes while the statement runs, it is locked and the statement is retried.
 *
 * @throws a constraint violation when another customer has the email or the external ID, or there is too much metadata.
 */
export type UpsertCustomer = (
  actor: Actor,
  draft: NewCustomer,
  provided: ProvidedFields,
  by: CustomerKey,
) => Promise<{ readonly customer: StoredCustomer; readonly isNew: boolean }>;

/** Attempts while other requests delete and create the customer. */
const MAX_ATTEMPTS = 10;

/** Writes the statements from the entities' metadata; each connection prepares them once. */
export async function prepareUpsertCustomer(orm: MikroORM): Promise<UpsertCustomer> {
  const pool = await orm.em.getConnection().getNativeClient();
  const statements = (by: CustomerKey) => ({
    bindUpsert: numberParameters(upsertCustomerStatement(orm, by)),
    bindLock: numberParameters(lockCustomerStatement(by)),
  });
  const byKey = { EMAIL: statements(CustomerKey.EMAIL), EXTERNAL_ID: statements(CustomerKey.EXTERNAL_ID) };

  return async (actor, draft, provided, by) => {
    const { bindUpsert, bindLock } = byKey[by];
    const values = {
      ...actorValues(actor),
      ...parameterValues(customerColumns, draft),
      contacts: rowsToJson(contactColumns, contactRows(draft)),
      provided: provided.properties,
      replacesContacts: provided.contacts,
      clearsMetadata: provided.clearsMetadata,
      removedKeys: provided.removedKeys,
    };
    const upsert = async (executor: Executor) =>
      (await executor.query<SelectedCustomer>(bindUpsert(values))).rows[0];
    const key = upsertKeys[by].valueOf(draft);

    // Two that insert at once can meet at the other unique index first, before they know that they are the same.
    let stored = await upsert(pool).catch((error: unknown) => {
      if (!isRetryable(error, uniqueIndexNames)) throw error;
    });
    for (let attempt = 1; !stored && attempt < MAX_ATTEMPTS; attempt += 1) {
      stored = await withRetries(() =>
        inTransaction(pool, async (executor) => {
          await executor.query(bindLock({ teamId: actor.teamId, key }));
          return upsert(executor);
        }),
      );
    }
    if (!stored) {
      const cause = new Error('Others created and deleted the customer again and again');
      throw new Unavailable('database', { cause });
    }
    const isNew = stored.uuid === draft.uuid;
    return { customer: customerFromRow(stored), isNew };
  };
}
