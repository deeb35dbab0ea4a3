import { type MikroORM } from '@mikro-orm/postgresql';
import { parameterValues, rowsToJson } from '../../database/records.js';
import { withRetries } from '../../database/retry.js';
import { numberParameters } from '../../database/statement.js';
import { contactColumns, customerColumns } from '../columns.js';
import { type StoredCustomer } from '../new-customer.js';
import { toCustomer, contactRows, type NewCustomer } from '../new-customer.js';
import { insertCustomerStatement } from './insert-customer.statement.js';

/**
 * Stores a customer with its contacts, all or nothing, in one statement and one round trip.
 *
 * @returns the customer as stored, or undefined when the team has one with this email, in any case, or this external
 * id. The unique indexes decide between two concurrent calls: the second waits for the first and then stores nothing.
 */
export type InsertCustomer = (teamId: string, draft: NewCustomer) => Promise<StoredCustomer | undefined>;

/** Writes the statement from the entities' metadata; each connection prepares it once. */
export async function prepareInsertCustomer(orm: MikroORM): Promise<InsertCustomer> {
  const bind = numberParameters(insertCustomerStatement(orm));
  const pool = await orm.em.getConnection().getNativeClient();

  return async (teamId, draft) => {
    const values = {
      teamId,
      ...parameterValues(customerColumns, draft),
      contacts: rowsToJson(contactColumns, contactRows(draft)),
    };
    // The ORM's pool leaves times as PostgreSQL's text.
    const { rows } = await withRetries(() => pool.query<{ createdAt: string }>(bind(values)));
    const [stored] = rows;
    return stored && toCustomer(draft, new Date(stored.createdAt));
  };
}
