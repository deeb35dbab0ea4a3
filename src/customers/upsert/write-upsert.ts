import { type MikroORM } from '@mikro-orm/postgresql';
import { type Names, names } from '../../database/names.js';
import { records, toJson } from '../../database/records.js';
import { isRetryable, withRetries } from '../../database/retry.js';
import { type Executor, inTransaction } from '../../database/transaction.js';
import { Unavailable } from '../../errors/unavailable.js';
import { contactColumns, customerColumns, writableColumns } from '../columns.js';
import { uniqueIndexNames } from '../constraints.js';
import { Contact } from '../contact.entity.js';
import { Customer } from '../customer.entity.js';
import { contactRows, type NewCustomer, type StoredCustomer } from '../new-customer.js';
import { customerSelectList, type SelectedCustomer, customerFromRow } from '../select-customer.js';
import { emailKey, withPhoneOf } from '../text-keys.js';
import { type ProvidedFields } from './provided-fields.js';
import { CustomerKey } from './upsert-customer.result.js';

/**
 * Stores a customer, or changes what was sent of the one that has its email or its external id, in one statement. When
 * that one was changed while the statement ran, it is locked and the statement runs again.
 *
 * @throws when another customer has the email or the external id, or there is too much metadata: a violated constraint.
 */
export type UpsertCustomer = (
  teamId: string,
  draft: NewCustomer,
  sent: ProvidedFields,
  by: CustomerKey,
) => Promise<{ readonly customer: StoredCustomer; readonly isNew: boolean }>;

/** However often the customer is deleted and created by others meanwhile. */
const MAX_ATTEMPTS = 10;

/** The property of each key, and its value. */
const keys = {
  EMAIL: { property: 'emailKey', valueOf: ({ email }) => emailKey(email) },
  EXTERNAL_ID: { property: 'externalId', valueOf: ({ externalId }) => externalId },
} as const satisfies Record<
  CustomerKey,
  { readonly property: string; readonly valueOf: (draft: NewCustomer) => string | null }
>;

/** Writes the statements from the entities' metadata; each connection prepares them once. */
export async function prepareUpsertCustomer(orm: MikroORM): Promise<UpsertCustomer> {
  const pool = await orm.em.getConnection().getNativeClient();
  const texts = {
    EMAIL: statements(orm, CustomerKey.EMAIL),
    EXTERNAL_ID: statements(orm, CustomerKey.EXTERNAL_ID),
  };

  return async (teamId, draft, sent, by) => {
    const values = [
      teamId,
      ...customerColumns.map(([, , value]) => value(draft)),
      toJson(contactColumns, contactRows(draft)),
      sent.properties,
      sent.contacts,
      sent.clearsMetadata,
      sent.removedKeys,
    ];
    const upsert = async (executor: Executor) => {
      const statement = { name: `upsert-customer-${by}`, text: texts[by].upsert, values };
      return (await executor.query<SelectedCustomer>(statement)).rows[0];
    };
    const lock = {
      name: `lock-customer-${by}`,
      text: texts[by].lock,
      values: [teamId, keys[by].valueOf(draft)],
    };

    // Two that insert at once can meet at the other unique index first, before they know that they are the same.
    let stored = await upsert(pool).catch((error: unknown) => {
      if (!isRetryable(error, uniqueIndexNames)) throw error;
    });
    for (let attempt = 1; !stored && attempt < MAX_ATTEMPTS; attempt += 1) {
      stored = await withRetries(() =>
        inTransaction(pool, async (executor) => {
          await executor.query(lock);
          return upsert(executor);
        }),
      );
    }
    if (!stored) {
      const cause = new Error('Others created and deleted the customer again and again');
      throw new Unavailable('database', { cause });
    }
    const isNew = stored.uuid === draft.uuid;
    // The statement sees the contacts as they were before it.
    const contactsNow = isNew || sent.contacts ? [...draft.contacts] : stored.contacts;
    return { customer: customerFromRow({ ...stored, contacts: contactsNow }), isNew };
  };
}

function statements(orm: MikroORM, by: CustomerKey) {
  const customer = names(orm, Customer);
  const contact = names(orm, Contact);
  const column = (property: string) => customer.column(property);
  const parameterOf = (property: string) =>
    `$${customerColumns.findIndex(([name]) => name === property) + 2}`;
  const after = customerColumns.length + 2;
  const [contacts, sent, sendsContacts, clearsMetadata, removedKeys] = [0, 1, 2, 3, 4].map(
    (index) => `$${after + index}`,
  );
  const values = customerColumns.map(([property, type]) => `${parameterOf(property)}::${type}`);
  const { property: key } = keys[by];
  const target = column(key);
  const existing = (value: string) =>
    `from ${customer.table} where ${column('team')} = $1::uuid and ${target} = ${value} and ${column('deletedAt')} is null`;
  const metadata = `
    case when ${clearsMetadata}::boolean then '{}' else customer.${column('metadata')} - ${removedKeys}::text[] end
    || excluded.${column('metadata')}`;

  const upsert = `
    with existing as (
      select ${column('version')} as "version" ${existing(`${parameterOf(key)}::text`)}
    ), stored as (
      insert into ${customer.table} as customer (${column('team')}, ${customer.columns(customerColumns)})
      values ($1::uuid, ${values.join(', ')})
      on conflict (${column('team')}, ${target}) where ${column('deletedAt')} is null do update
      set ${changes(customer, `${sent}::text[]`)}, ${column('metadata')} = ${metadata},
        ${column('version')} = customer.${column('version')} + 1, ${column('updatedAt')} = now()
      -- The contacts below are those of this version.
      where customer.${column('version')} = (select "version" from existing)
      returning *
    ), removed as (
      delete from ${contact.table} as contact using stored
      where contact.${contact.column('customer')} = stored.${column('uuid')} and ${sendsContacts}::boolean
      returning 1
    ), added as (
      insert into ${contact.table} (${contact.columns(contactColumns)})
      select ${contactOf(`stored.${column('uuid')}`)}
      from stored, ${records(contactColumns, 'given', `${contacts}::json`)},
        -- Counts all that were removed before the first is added: their places are free then.
        (select count(*) from removed) as done
      where ${sendsContacts}::boolean or stored.${column('uuid')} = ${parameterOf('uuid')}::uuid
    )
    select ${customerSelectList(orm, 'stored')} from stored`;
  return { upsert, lock: `select ${existing('$2::text')} for update` };
}

/** SQL: what was sent is set, the rest stays. An upsert always sends the name and the email. */
function changes(customer: Names, sent: string): string {
  const assign = (property: string, otherwise: (column: string) => string, decidedBy = property) => {
    const column = customer.column(property);
    return `${column} = case when '${decidedBy}' = any(${sent}) then excluded.${column} else ${otherwise(column)} end`;
  };
  const unchanged = (column: string) => `customer.${column}`;
  return [
    ...writableColumns
      .map(([property]) => property)
      .filter((property) => property !== 'metadata')
      .map((property) => assign(property, unchanged)),
    assign('emailKey', unchanged, 'email'),
    assign('nameKey', unchanged, 'customer'),
    assign('searchText', (column) => withPhoneOf(`customer.${column}`, `excluded.${column}`), 'mainPhone'),
  ].join(', ');
}

/** SQL: a given contact as one of the customer at `uuid`, which may be there already under another id than the draft's. */
function contactOf(uuid: string): string {
  return contactColumns
    .map(([property]) => (property === 'customer' ? uuid : `given."${property}"`))
    .join(', ');
}
