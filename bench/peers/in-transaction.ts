import { type PoolClient } from 'pg';
import { contactColumns, storedColumns, type CustomerInput, newCustomer } from './customer.ts';
import { contactsJson, INSERT_CUSTOMER, insertContacts, type Stored } from './one-statement.ts';
import { pool } from './signed-app.ts';

async function inTransaction<Result>(work: (connection: PoolClient) => Promise<Result>): Promise<Result> {
  const connection = await pool.connect();
  try {
    await connection.query('begin');
    const result = await work(connection);
    await connection.query('commit');
    return result;
  } catch (error) {
    await connection.query('rollback');
    throw error;
  } finally {
    connection.release();
  }
}

/** A customer and its contacts in a transaction of two prepared statements. Throws when the email is taken. */
export function insertOne(input: CustomerInput) {
  const customer = newCustomer(input);
  return inTransaction(async (connection) => {
    const { rows } = await connection.query<Stored>({
      name: 'insert-customer',
      text: `${INSERT_CUSTOMER} returning id, created_at`,
      values: Object.values(customer.row),
    });
    await connection.query({
      name: 'insert-contacts',
      text: insertContacts('$1'),
      values: [contactsJson([customer])],
    });
    return rows[0] && customer.stored(rows[0].created_at);
  });
}

/**
 * Many customers with their contacts in a transaction of two INSERTs with a row of parameters for each: what query
 * builders make of a list. They are not prepared, for their text is another for every number of rows. Throws when one
 * email is taken, and then stores none.
 */
export function insertMany(inputs: readonly CustomerInput[]) {
  const customers = inputs.map(newCustomer);
  return inTransaction(async (connection) => {
    const { rows } = await connection.query<Stored>(
      `${insertRows('customer', storedColumns, customers.length)} returning id, created_at`,
      customers.flatMap(({ row }) => Object.values(row)),
    );
    const contacts = customers.flatMap(({ contactRows }) => contactRows);
    if (contacts.length > 0) {
      await connection.query(
        insertRows('contact', contactColumns, contacts.length),
        contacts.flatMap((row) => Object.values(row)),
      );
    }
    const [first] = rows;
    return customers.map(({ stored }) => first && stored(first.created_at));
  });
}

function insertRows(table: string, columns: object, count: number): string {
  const names = Object.keys(columns);
  const rows = Array.from({ length: count }, (_row, row) => {
    const parameters = names.map((_name, index) => `$${row * names.length + index + 1}`);
    return `(${parameters.join(', ')})`;
  });
  return `insert into ${table} (${names.join(', ')}) values ${rows.join(', ')}`;
}
