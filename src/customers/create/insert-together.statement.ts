import { type MikroORM } from '@mikro-orm/postgresql';
import { erasedKey } from '../../idempotency/erased-key.js';
import { names } from '../../database/names.js';
import { records } from '../../database/records.js';
import { type Statement } from '../../database/statement.js';
import { contactColumns, customerColumns } from '../columns.js';
import { Contact } from '../contact.entity.js';
import { Customer } from '../customer.entity.js';
import { apiActorIn } from '../events/actor.js';
import { writeEvents } from '../events/write-events.js';
import { sentContacts, sentContactsOf } from '../select-customer.js';
import { insertCallColumns } from './insert-call.js';

/** How long the statement waits for a lock, in ms. All its calls would wait for the one that another transaction holds up. */
const LOCK_TIMEOUT_MS = 5;

/**
 * Stores the customers of several calls: `:'calls'` are rows of {@link insertCallColumns}.
 *
 * Gives a row for each call whose customer was stored and for each whose idempotency key was used before. The rows are stored in
 * the order of the unique index, so that two such statements do not wait for each other.
 */
export function insertTogetherStatement(orm: MikroORM): Statement {
  const columns = names(orm, Customer).columns(customerColumns);
  const values = customerColumns.map(([property]) => `sent."${property}"`).join(', ');
  const text = `
    with lock_timeout as materialized (
      select set_config('lock_timeout', '${LOCK_TIMEOUT_MS}ms', true) as milliseconds
    ), sent as (
      select * from ${records(insertCallColumns, 'sent', `:'calls'::json`)}
      where exists (select from lock_timeout where milliseconds is not null)
    ), known as (
      select sent."uuid", outcomes, created_at as "createdAt", request_hash as "requestHash", idempotency_key.seed,
        idempotency_key.key <> sent."key" as "isErased",
        case when result is not null then json_build_object('rows', result, 'conflicts', conflicts) end as legacy
      from sent
      join idempotency_key on idempotency_key.team_id = sent."teamId"
        and idempotency_key.client_id = sent."clientId" and idempotency_key.key in (sent."key", ${erasedKey('sent."key"')})
    ), new_customer as (
      insert into customer (team_id, ${columns})
      select sent."teamId", ${values} from sent
      where sent."uuid" not in (select "uuid" from known)
      order by sent."teamId", sent."emailKey"
      on conflict do nothing
      returning *
    ), ${sentContacts}, new_contact as (
      insert into contact (${names(orm, Contact).columns(contactColumns)})
      select * from sent_contact where "customer" in (select id from new_customer)
    ), ${writeEvents(orm, {
      rows: 'new_customer',
      type: `'CREATED'`,
      contacts: sentContactsOf('new_customer'),
      actor: apiActorIn('sent'),
      joins: 'join sent on sent."uuid" = new_customer.id',
    })}, new_key as (
      insert into idempotency_key (team_id, client_id, key, request_hash, seed, outcomes)
      select sent."teamId", sent."clientId", sent."key", decode(sent."requestHash", 'hex'), sent."seed", 'c'
      from sent join new_customer on new_customer.id = sent."uuid"
      where sent."key" is not null
    )
    select * from known
    union all
    select id, 'c', created_at, null, null, false, null from new_customer`;
  return { name: 'insert-customers-together', text };
}
