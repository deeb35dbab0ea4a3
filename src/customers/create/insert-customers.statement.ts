import { type MikroORM } from '@mikro-orm/postgresql';
import { erasedKey } from '../../idempotency/erased-key.js';
import { names } from '../../database/names.js';
import { records } from '../../database/records.js';
import { type Statement } from '../../database/statement.js';
import { contactColumns, customerColumns } from '../columns.js';
import { Contact } from '../contact.entity.js';
import { Customer } from '../customer.entity.js';
import { writeEvents } from '../events/write-events.js';
import { emailIsTaken, externalIdIsTaken } from '../find-conflicts.statement.js';
import { sentContacts, sentContactsOf } from '../select-customer.js';
import { teamLock } from '../team-lock.js';

/**
 * Gives one row: what the idempotency key kept of an earlier call, or what became of this one. Without a key, `:'key'` is null
 * and no key is kept. `:'uuids'` is a JSON list of the rows' customers in the order sent, null for a row that is not valid. The
 * letters of `outcomes` are those of `row-outcome.ts`.
 */
export function insertCustomersStatement(orm: MikroORM): Statement {
  const text = `
    with ${teamLock}, known as (
      select outcomes, created_at as "createdAt", request_hash as "requestHash", seed, key <> :'key'::text as "isErased",
        case when result is not null then json_build_object('rows', result, 'conflicts', conflicts) end as legacy
      from idempotency_key
      where team_id = :'teamId'::uuid and client_id = :'clientId'::uuid and key in (:'key'::text, ${erasedKey(":'key'::text")})
    ), given as (
      select * from ${records(customerColumns, 'given', `:'customers'::json`)}
      where not exists (select from known) and exists (select from team_lock)
    ), new_customer as (
      insert into customer (team_id, ${names(orm, Customer).columns(customerColumns)})
      select :'teamId'::uuid, given.* from given
      on conflict do nothing
      returning *
    ), ${sentContacts}, new_contact as (
      insert into contact (${names(orm, Contact).columns(contactColumns)})
      select * from sent_contact where "customer" in (select id from new_customer)
    ), ${writeEvents(orm, { rows: 'new_customer', type: `'CREATED'`, contacts: sentContactsOf('new_customer') })}, refused as (
      select given."uuid", case
        when given."externalId" is null or ${emailIsTaken}
          or given."emailKey" in (select email_key from new_customer) then 'EMAIL_EXISTS'
        when ${externalIdIsTaken}
          or given."externalId" in (select external_id from new_customer) then 'EXTERNAL_ID_EXISTS'
      end as "code"
      from given where given."uuid" not in (select id from new_customer)
    ), outcome as (
      select (
        select string_agg(case
          when sent."uuid" is null then 'i'
          when refused."uuid" is null then 'c'
          when refused."code" = 'EMAIL_EXISTS' then 'e'
          when refused."code" = 'EXTERNAL_ID_EXISTS' then 'x'
          else 'u'
        end, '' order by sent."place")
        from json_array_elements_text(:'uuids'::json) with ordinality as sent ("uuid", "place")
        left join refused on refused."uuid" = sent."uuid"::uuid
      ) as outcomes, (select min(created_at) from new_customer) as "createdAt",
        null::bytea as "requestHash", null::uuid as seed, false as "isErased", null::json as legacy
      where not exists (select from known)
    ), new_key as (
      insert into idempotency_key (team_id, client_id, key, request_hash, seed, outcomes)
      select :'teamId'::uuid, :'clientId'::uuid, :'key'::text, :'requestHash'::bytea, :'seed'::uuid, outcomes from outcome
      where :'key'::text is not null and "createdAt" is not null
    )
    select * from known union all select * from outcome`;
  return { name: 'insert-customers', text };
}
