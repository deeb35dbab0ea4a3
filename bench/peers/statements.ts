import { randomUUID } from 'node:crypto';
import { pool, TEAM_ID } from './signed-app.ts';

interface Address {
  readonly street?: string | null;
  readonly city?: string | null;
  readonly state?: string | null;
  readonly zipCode?: string | null;
  readonly country?: string | null;
}

interface Contact {
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly isPrimary?: boolean | null;
}

export interface CustomerInput {
  readonly customer: string;
  readonly email: string;
  readonly mainPhone?: string | null;
  readonly website?: string | null;
  readonly status?: string | null;
  readonly billingAddress?: Address | null;
  readonly shippingAddress?: Address | null;
  readonly contacts?: readonly Contact[] | null;
}

const CUSTOMER_COLUMNS = `id, team_id, name, email, main_phone, website, status,
  billing_street, billing_city, billing_state, billing_zip_code, billing_country,
  shipping_street, shipping_city, shipping_state, shipping_zip_code, shipping_country`;

const INSERT_CUSTOMER = `insert into customer (${CUSTOMER_COLUMNS})
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`;

const contactLists = (first: number) =>
  ['uuid', 'smallint', 'text', 'text', 'text', 'text', 'boolean']
    .map((type, index) => `$${first + index}::${type}[]`)
    .join(', ');

const CONTACT_COLUMNS = 'id, position, first_name, last_name, email, phone, is_primary';

const ONE_STATEMENT = `
  with stored as (
    ${INSERT_CUSTOMER}
    on conflict (team_id, lower(email)) do nothing
    returning id, created_at, updated_at
  ), contacts as (
    insert into contact (customer_id, ${CONTACT_COLUMNS})
    select stored.id, given.* from stored, unnest(${contactLists(18)}) as given
  )
  select created_at, updated_at from stored`;

const INSERT_CONTACTS = `insert into contact (customer_id, ${CONTACT_COLUMNS})
  select $1::uuid, given.* from unnest(${contactLists(2)}) as given`;

const SELECT_CUSTOMER = `
  select ${CUSTOMER_COLUMNS}, created_at, updated_at, (
    select coalesce(json_agg(json_build_object('uuid', id, 'firstName', first_name, 'lastName', last_name,
      'email', email, 'phone', phone, 'isPrimary', is_primary) order by position), '[]')
    from contact where customer_id = customer.id
  ) as contacts
  from customer where team_id = $1 and id = $2`;

interface Times {
  readonly created_at: Date;
  readonly updated_at: Date;
}

function addressValues(address: Address | null | undefined) {
  return [address?.street, address?.city, address?.state, address?.zipCode, address?.country];
}

function prepare(input: CustomerInput) {
  const uuid = randomUUID();
  const contacts = (input.contacts ?? []).map((contact) => ({
    uuid: randomUUID(),
    firstName: contact.firstName ?? null,
    lastName: contact.lastName ?? null,
    email: contact.email ?? null,
    phone: contact.phone ?? null,
    isPrimary: contact.isPrimary ?? false,
  }));
  const status = input.status ?? 'ACTIVE';
  const customerValues = [
    uuid,
    TEAM_ID,
    input.customer,
    input.email,
    input.mainPhone,
    input.website,
    status,
    ...addressValues(input.billingAddress),
    ...addressValues(input.shippingAddress),
  ];
  const contactValues = [
    contacts.map((contact) => contact.uuid),
    contacts.map((_, position) => position),
    contacts.map((contact) => contact.firstName),
    contacts.map((contact) => contact.lastName),
    contacts.map((contact) => contact.email),
    contacts.map((contact) => contact.phone),
    contacts.map((contact) => contact.isPrimary),
  ];
  const stored = (times: Times) => ({
    ...input,
    uuid,
    status,
    contacts,
    createdAt: times.created_at,
    updatedAt: times.updated_at,
  });
  return { uuid, customerValues, contactValues, stored };
}

/** A customer and its contacts in one prepared statement. Gives undefined when the email is taken. */
export async function insertInOneStatement(input: CustomerInput) {
  const { customerValues, contactValues, stored } = prepare(input);
  const { rows } = await pool.query<Times>({
    name: 'insert-both',
    text: ONE_STATEMENT,
    values: [...customerValues, ...contactValues],
  });
  return rows[0] && stored(rows[0]);
}

/** The same in a transaction of two prepared statements. Throws when the email is taken. */
export async function insertInTransaction(input: CustomerInput) {
  const { uuid, customerValues, contactValues, stored } = prepare(input);
  const connection = await pool.connect();
  try {
    await connection.query('begin');
    const { rows } = await connection.query<Times>({
      name: 'insert-customer',
      text: `${INSERT_CUSTOMER} returning created_at, updated_at`,
      values: customerValues,
    });
    await connection.query({
      name: 'insert-contacts',
      text: INSERT_CONTACTS,
      values: [uuid, ...contactValues],
    });
    await connection.query('commit');
    return rows[0] && stored(rows[0]);
  } catch (error) {
    await connection.query('rollback');
    throw error;
  } finally {
    connection.release();
  }
}

/** A customer with its contacts, in one prepared statement. */
export async function selectCustomer(uuid: string) {
  const { rows } = await pool.query({
    name: 'select-customer',
    text: SELECT_CUSTOMER,
    values: [TEAM_ID, uuid],
  });
  const [row] = rows;
  if (!row) return null;
  const address = (prefix: string) => ({
    street: row[`${prefix}_street`],
    city: row[`${prefix}_city`],
    state: row[`${prefix}_state`],
    zipCode: row[`${prefix}_zip_code`],
    country: row[`${prefix}_country`],
  });
  return {
    uuid: row.id,
    customer: row.name,
    email: row.email,
    mainPhone: row.main_phone,
    website: row.website,
    status: row.status,
    billingAddress: address('billing'),
    shippingAddress: address('shipping'),
    contacts: row.contacts,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
