import {
  contactColumns,
  type CustomerInput,
  type NewCustomer,
  newCustomer,
  storedColumns,
} from './customer.ts';
import { pool } from './signed-app.ts';

const listOf = (columns: object) => Object.keys(columns).join(', ');

/** SQL: rows from one JSON parameter. An array for each column is no faster for one customer and slower for many. */
function records(columns: Readonly<Record<string, string>>, parameter: string): string {
  const fields = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
  return `json_to_recordset(${parameter}::json) as given (${fields.join(', ')})`;
}

const customerValues = Object.keys(storedColumns).map((_, index) => `$${index + 1}`);

export const INSERT_CUSTOMER = `insert into customer (${listOf(storedColumns)}) values (${customerValues.join(', ')})`;

const INSERT_CUSTOMERS = `insert into customer (${listOf(storedColumns)})
  select * from ${records(storedColumns, '$1')}`;

export const insertContacts = (parameter: string) => `insert into contact (${listOf(contactColumns)})
  select given.* from ${records(contactColumns, parameter)}`;

const withContacts = (insert: string, contacts: string) => `
  with stored as (
    ${insert}
    on conflict do nothing
    returning id, created_at
  ), stored_contacts as (
    ${insertContacts(contacts)} join stored on stored.id = given.customer_id
  )
  select id, created_at from stored`;

const INSERT_ONE = withContacts(INSERT_CUSTOMER, `$${customerValues.length + 1}`);
const INSERT_MANY = withContacts(INSERT_CUSTOMERS, '$2');

/** The row that a statement returns for a customer that it stored. */
export interface Stored {
  readonly id: string;
  readonly created_at: Date;
}

export function contactsJson(customers: readonly NewCustomer[]): string {
  return JSON.stringify(customers.flatMap(({ contactRows }) => contactRows));
}

/** A customer and its contacts in one prepared statement. Gives undefined when the email is taken. */
export async function insertOne(input: CustomerInput) {
  const customer = newCustomer(input);
  const { rows } = await pool.query<Stored>({
    name: 'insert-one',
    text: INSERT_ONE,
    values: [...Object.values(customer.row), contactsJson([customer])],
  });
  return rows[0] && customer.stored(rows[0].created_at);
}

/** Many customers with their contacts in one prepared statement. Gives undefined for each whose email is taken. */
export async function insertMany(inputs: readonly CustomerInput[]) {
  const customers = inputs.map(newCustomer);
  const { rows } = await pool.query<Stored>({
    name: 'insert-many',
    text: INSERT_MANY,
    values: [JSON.stringify(customers.map(({ row }) => row)), contactsJson(customers)],
  });
  const times = new Map(rows.map((row) => [row.id, row.created_at]));
  return customers.map(({ uuid, stored }) => {
    const at = times.get(uuid);
    return at && stored(at);
  });
}
