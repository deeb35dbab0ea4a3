import { type MikroORM } from '@mikro-orm/postgresql';
import { names } from '../../database/names.js';
import { records, toJson } from '../../database/records.js';
import { withRetries } from '../../database/retry.js';
import { contactColumns, customerColumns } from '../columns.js';
import { Contact } from '../contact.entity.js';
import { Customer } from '../customer.entity.js';
import { toCustomer, contactRows, type NewCustomer, type StoredCustomer } from '../new-customer.js';

/**
 * Stores a customer with its contacts, all or nothing, in one statement and one round trip.
 *
 * @returns the customer as stored, or undefined when the team has one with this email, in any case, or this external
 * id. Two at once are told apart by the unique indexes: the second waits for the first and then stores nothing.
 */
export type InsertCustomer = (teamId: string, draft: NewCustomer) => Promise<StoredCustomer | undefined>;

/** Writes the statement from the entities' metadata; each connection prepares it once. */
export async function prepareInsertCustomer(orm: MikroORM): Promise<InsertCustomer> {
  const text = insertStatement(orm);
  const pool = await orm.em.getConnection().getNativeClient();

  return async (teamId, draft) => {
    const values = [
      teamId,
      ...customerColumns.map(([, , value]) => value(draft)),
      toJson(contactColumns, contactRows(draft)),
    ];
    // The ORM's pool leaves times as PostgreSQL's text.
    const { rows } = await withRetries(() =>
      pool.query<{ createdAt: string }>({ name: 'insert-customer', text, values }),
    );
    const [stored] = rows;
    return stored && toCustomer(draft, new Date(stored.createdAt));
  };
}

function insertStatement(orm: MikroORM): string {
  const customer = names(orm, Customer);
  const contact = names(orm, Contact);
  const values = customerColumns.map(([, type], index) => `$${index + 2}::${type}`);
  const contacts = records(contactColumns, 'contact', `$${customerColumns.length + 2}::json`);
  return `
    with new_customer as (
      insert into ${customer.table} (${customer.column('team')}, ${customer.columns(customerColumns)})
      values ($1::uuid, ${values.join(', ')})
      on conflict do nothing
      returning ${customer.column('createdAt')} as "createdAt"
    ), new_contact as (
      insert into ${contact.table} (${contact.columns(contactColumns)})
      select contact.* from new_customer, ${contacts}
    )
    select "createdAt" from new_customer`;
}
