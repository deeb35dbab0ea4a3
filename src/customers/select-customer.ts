import { type MikroORM } from '@mikro-orm/postgresql';
import { names } from '../database/names.js';
import { records } from '../database/records.js';
import { addressParts } from './address.entity.js';
import {
  type addresses,
  type AddressProperty,
  contactColumns,
  ownContactColumns,
  type WritableProperty,
  writableColumns,
} from './columns.js';
import { Contact } from './contact.entity.js';
import { Customer } from './customer.entity.js';
import { type Address, type StoredContact, type StoredCustomer } from './new-customer.js';
import { pickText } from './customer-rules.js';
import { sortedByKey } from './metadata-rules.js';

/** A property of a customer with a value of its own. */
type PlainProperty = Exclude<WritableProperty, AddressProperty | 'metadata'>;

/** A customer as {@link customerSelectList} asks for it. The ORM's pool leaves times as PostgreSQL's text. */
export type SelectedCustomer = Pick<StoredCustomer, PlainProperty | 'uuid' | 'version'> &
  Record<AddressProperty, string | null> & {
    readonly metadata: Readonly<Record<string, string>>;
    readonly contacts: StoredContact[];
    readonly createdAt: string;
    readonly updatedAt: string;
  };

/**
 * SQL: everything of the customer `alias` in a select list, its contacts as one JSON list.
 *
 * @param contacts - SQL of that list. By default it is read from the table.
 */
export function customerSelectList(
  orm: MikroORM,
  alias: string,
  contacts = storedContacts(orm, alias),
): string {
  const customer = names(orm, Customer);
  const properties = [
    'uuid',
    ...writableColumns.map(([property]) => property),
    'version',
    'createdAt',
    'updatedAt',
  ];
  const columns = properties.map((property) => `${alias}.${customer.column(property)} as "${property}"`);
  return [...columns, `${contacts} as "contacts"`].join(', ');
}

/** SQL: the contacts that the table has of the customer `alias`, in their order. */
export function storedContacts(orm: MikroORM, alias: string): string {
  const contact = names(orm, Contact);
  return `(
    select coalesce(${contactList((property) => `contact.${contact.column(property)}`)}, '[]')
    from contact where contact.customer_id = ${alias}.id)`;
}

/**
 * SQL: the common table expressions `sent_contact`, which has the rows of `:'contacts'`, and `sent_contacts`, which has the list
 * of each customer.
 */
export const sentContacts = `sent_contact as (
      select * from ${records(contactColumns, 'contact', `:'contacts'::json`)}
    ), sent_contacts as (
      select "customer", ${contactList((property) => `"${property}"`)} as list from sent_contact group by "customer"
    )`;

/** SQL: the list of {@link sentContacts} of the customer `alias`. */
export function sentContactsOf(alias: string): string {
  return `coalesce((select list from sent_contacts where sent_contacts."customer" = ${alias}.id), '[]')`;
}

/** SQL: an aggregate of contacts as a JSON list in their order. */
function contactList(column: (property: string) => string): string {
  const parts = ownContactColumns.map(([property]) => `'${property}', ${column(property)}`);
  return `json_agg(json_build_object(${parts.join(', ')}) order by ${column('position')})`;
}

/** SQL: the bytes of a selected customer's notes, metadata and contacts, which are nearly all of a large one. */
export const selectedBytes =
  'coalesce(octet_length("notes"), 0) + octet_length("metadata"::text) + octet_length("contacts"::text)';

/** The customer of a selected row. */
export function customerFromRow(row: SelectedCustomer): StoredCustomer {
  return {
    uuid: row.uuid,
    ...pickText(row),
    status: row.status,
    metadata: sortedByKey(Object.entries(row.metadata).map(([key, value]) => ({ key, value }))),
    billingAddress: toAddress(row, 'billingAddress'),
    shippingAddress: toAddress(row, 'shippingAddress'),
    contacts: row.contacts,
    version: row.version,
    createdAt: new Date(row.createdAt),
    updatedAt: new Date(row.updatedAt),
  };
}

/** An address with no part is no address: it is stored as a customer's columns, not as a row. */
function toAddress(row: SelectedCustomer, address: (typeof addresses)[number]): Address | null {
  if (addressParts.every((part) => row[`${address}.${part}`] === null)) return null;
  return {
    street: row[`${address}.street`],
    city: row[`${address}.city`],
    state: row[`${address}.state`],
    zipCode: row[`${address}.zipCode`],
    country: row[`${address}.country`],
  };
}
