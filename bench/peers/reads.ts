import { customerColumns, toEntries } from './customer.ts';
import { pool, TEAM_ID } from './signed-app.ts';

const SELECT_LIST = `${Object.keys(customerColumns).join(', ')}, version, created_at, updated_at, (
    select coalesce(json_agg(json_build_object('uuid', id, 'firstName', first_name, 'lastName', last_name,
      'email', email, 'phone', phone, 'isPrimary', is_primary) order by position), '[]')
    from contact where customer_id = customer.id
  ) as contacts`;

const SELECT_CUSTOMER = `
  select ${SELECT_LIST}
  from customer where team_id = $1 and id = $2 and deleted_at is null`;

// Contacts are looked up for the rows of the page only: what OFFSET skips is left inside.
const SELECT_PAGE = `
  select ${SELECT_LIST}
  from (
    select * from customer where team_id = $1 and deleted_at is null
    order by name_key, id limit $2 offset $3
  ) as customer
  order by name_key, id`;

/** A row as the statements give it. */
type Selected = Readonly<Record<Exclude<keyof typeof customerColumns, 'metadata'>, string | null>> & {
  readonly metadata: object;
  readonly version: number;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly contacts: readonly object[];
};

/** A customer with its contacts, in one prepared statement. */
export async function selectOne(uuid: string) {
  const { rows } = await pool.query<Selected>({
    name: 'select-customer',
    text: SELECT_CUSTOMER,
    values: [TEAM_ID, uuid],
  });
  return rows[0] ? customerFromRow(rows[0]) : null;
}

/** A page of customers by name with their contacts, in one prepared statement. */
export async function selectPage(page: number, limit: number) {
  const { rows } = await pool.query<Selected>({
    name: 'select-page',
    text: SELECT_PAGE,
    values: [TEAM_ID, limit, (page - 1) * limit],
  });
  return { page, limit, records: rows.map(customerFromRow) };
}

function customerFromRow(row: Selected) {
  const address = (prefix: 'billing' | 'shipping') => ({
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
    externalId: row.external_id,
    notes: row.notes,
    taxNumber: row.tax_number,
    paymentTerm: row.payment_term,
    metadata: toEntries(row.metadata),
    billingAddress: address('billing'),
    shippingAddress: address('shipping'),
    contacts: row.contacts,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
