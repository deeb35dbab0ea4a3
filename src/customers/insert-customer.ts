import { type MikroORM } from '@mikro-orm/postgresql';
import { names } from '../database/names.js';
import { newUuid } from '../database/uuid.js';
import { addressParts } from './address.entity.js';
import { Contact } from './contact.entity.js';
import { Customer } from './customer.entity.js';
import { type CustomerType } from './customer.type.js';
import { type CustomerDraft } from './validate-customer.js';

/** A column's property in the entity, and where its value comes from. */
type Column<Row> = readonly [property: string, type: string, value: (row: Row) => unknown];

type CustomerRow = CustomerDraft & { readonly uuid: string; readonly teamId: string };
type ContactRow = CustomerDraft['contacts'][number] & { readonly uuid: string; readonly position: number };

const customerColumns: readonly Column<CustomerRow>[] = [
  ['uuid', 'uuid', (row) => row.uuid],
  ['team', 'uuid', (row) => row.teamId],
  ['customer', 'text', (row) => row.customer],
  ['email', 'text', (row) => row.email],
  ['mainPhone', 'text', (row) => row.mainPhone],
  ['website', 'text', (row) => row.website],
  ['status', 'text', (row) => row.status],
  ...addressColumns('billingAddress'),
  ...addressColumns('shippingAddress'),
];

const contactColumns: readonly Column<ContactRow>[] = [
  ['uuid', 'uuid', (row) => row.uuid],
  ['position', 'smallint', (row) => row.position],
  ['firstName', 'text', (row) => row.firstName],
  ['lastName', 'text', (row) => row.lastName],
  ['email', 'text', (row) => row.email],
  ['phone', 'text', (row) => row.phone],
  ['isPrimary', 'boolean', (row) => row.isPrimary],
];

function addressColumns(address: 'billingAddress' | 'shippingAddress'): Column<CustomerRow>[] {
  return addressParts.map((part) => [`${address}.${part}`, 'text', (row) => row[address]?.[part] ?? null]);
}

/**
 * Stores a customer with its contacts, all or nothing, in one statement and one round trip.
 *
 * @returns the customer as stored, or undefined when the team has one with this email, in any case. Two at once are
 * told apart by the unique index: the second waits for the first and then stores nothing.
 */
export type InsertCustomer = (teamId: string, draft: CustomerDraft) => Promise<CustomerType | undefined>;

/** Writes the statement from the entities' metadata; each connection prepares it once. */
export async function prepareInsertCustomer(orm: MikroORM): Promise<InsertCustomer> {
  const text = insertStatement(orm);
  const pool = await orm.em.getConnection().getNativeClient();

  return async (teamId, draft) => {
    const uuid = newUuid();
    const contacts = draft.contacts.map((contact, position) => ({ ...contact, uuid: newUuid(), position }));
    const row = { ...draft, uuid, teamId };
    const values = [
      ...customerColumns.map(([, , value]) => value(row)),
      ...contactColumns.map(([, , value]) => contacts.map(value)),
    ];
    // The ORM's pool leaves times as PostgreSQL's text.
    const result = await pool.query<{ createdAt: string; updatedAt: string }>({
      name: 'insert-customer',
      text,
      values,
    });
    const [stored] = result.rows;
    return (
      stored && {
        ...draft,
        uuid,
        contacts,
        createdAt: new Date(stored.createdAt),
        updatedAt: new Date(stored.updatedAt),
      }
    );
  };
}

function insertStatement(orm: MikroORM): string {
  const customer = names(orm, Customer);
  const contact = names(orm, Contact);
  const ofContact = contactColumns.map(([property]) => contact.column(property));
  const values = customerColumns.map(([, type], index) => `$${index + 1}::${type}`);
  const lists = contactColumns.map(([, type], index) => `$${customerColumns.length + index + 1}::${type}[]`);
  return `
    with new_customer as (
      insert into ${customer.table} (${customerColumns.map(([property]) => customer.column(property)).join(', ')})
      values (${values.join(', ')})
      on conflict (${customer.column('team')}, lower(${customer.column('email')})) do nothing
      returning ${customer.column('uuid')}, ${customer.column('createdAt')}, ${customer.column('updatedAt')}
    ), new_contacts as (
      insert into ${contact.table} (${contact.column('customer')}, ${ofContact.join(', ')})
      select new_customer.${customer.column('uuid')}, ${ofContact.map((column) => `given.${column}`).join(', ')}
      from new_customer, unnest(${lists.join(', ')}) as given (${ofContact.join(', ')})
    )
    select ${customer.column('createdAt')} as "createdAt", ${customer.column('updatedAt')} as "updatedAt"
    from new_customer`;
}
