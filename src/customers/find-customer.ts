import { type MikroORM } from '@mikro-orm/postgresql';
import { type Names, names } from '../database/names.js';
import { addressParts } from './address.entity.js';
import { Contact } from './contact.entity.js';
import { Customer } from './customer.entity.js';
import { type AddressType, type ContactType, type CustomerType } from './customer.type.js';
import { clean, isStorable } from './text-rules.js';

const ownProperties = ['uuid', 'customer', 'email', 'mainPhone', 'website', 'status'] as const;
const timeProperties = ['createdAt', 'updatedAt'] as const;
const contactProperties = ['uuid', 'firstName', 'lastName', 'email', 'phone', 'isPrimary'] as const;
const addresses = ['billingAddress', 'shippingAddress'] as const;

type AddressColumn = `${(typeof addresses)[number]}.${(typeof addressParts)[number]}`;

/** A row as the statement gives it. The ORM's pool leaves times as PostgreSQL's text. */
type Row = Pick<CustomerType, (typeof ownProperties)[number]> &
  Record<(typeof timeProperties)[number], string> &
  Record<AddressColumn, string | null> & { readonly contacts: ContactType[] };

/** Looks for one customer of a team, contacts and all, in one statement and one round trip. */
export interface FindCustomer {
  byUuid(teamId: string, uuid: string): Promise<CustomerType | null>;
  /** Without regard to case. */
  byEmail(teamId: string, email: string): Promise<CustomerType | null>;
}

/** Writes the statements from the entities' metadata; each connection prepares them once. */
export async function prepareFindCustomer(orm: MikroORM): Promise<FindCustomer> {
  const customer = names(orm, Customer);
  const select = selectStatement(customer, names(orm, Contact));
  const ofTeam = `${select} where customer.${customer.column('team')} = $1`;
  const byUuid = `${ofTeam} and customer.${customer.column('uuid')} = $2`;
  const byEmail = `${ofTeam} and lower(customer.${customer.column('email')}) = lower($2)`;
  const pool = await orm.em.getConnection().getNativeClient();

  const find = async (name: string, text: string, values: string[]): Promise<CustomerType | null> => {
    const { rows } = await pool.query<Row>({ name, text, values });
    return rows[0] ? toCustomer(rows[0]) : null;
  };
  return {
    byUuid: (teamId, uuid) => find('find-customer-by-uuid', byUuid, [teamId, uuid]),
    async byEmail(teamId, email) {
      const text = clean(email);
      return isStorable(text) ? find('find-customer-by-email', byEmail, [teamId, text]) : null;
    },
  };
}

function selectStatement(customer: Names, contact: Names): string {
  const addressColumns = addresses.flatMap((address) => addressParts.map((part) => `${address}.${part}`));
  const columns = [...ownProperties, ...timeProperties, ...addressColumns].map(
    (property) => `customer.${customer.column(property)} as "${property}"`,
  );
  const ofContact = contactProperties.map((property) => `'${property}', contact.${contact.column(property)}`);
  return `
    select ${columns.join(', ')}, (
      select coalesce(
        json_agg(json_build_object(${ofContact.join(', ')}) order by contact.${contact.column('position')}), '[]')
      from ${contact.table} as contact
      where contact.${contact.column('customer')} = customer.${customer.column('uuid')}
    ) as "contacts"
    from ${customer.table} as customer`;
}

function toCustomer(row: Row): CustomerType {
  return {
    uuid: row.uuid,
    customer: row.customer,
    email: row.email,
    mainPhone: row.mainPhone,
    website: row.website,
    status: row.status,
    billingAddress: toAddress(row, 'billingAddress'),
    shippingAddress: toAddress(row, 'shippingAddress'),
    contacts: row.contacts,
    createdAt: new Date(row.createdAt),
    updatedAt: new Date(row.updatedAt),
  };
}

/** An address with no part is no address: it is stored as a customer's columns, not as a row. */
function toAddress(row: Row, address: (typeof addresses)[number]): AddressType | null {
  if (addressParts.every((part) => row[`${address}.${part}`] === null)) return null;
  return {
    street: row[`${address}.street`],
    city: row[`${address}.city`],
    state: row[`${address}.state`],
    zipCode: row[`${address}.zipCode`],
    country: row[`${address}.country`],
  };
}
