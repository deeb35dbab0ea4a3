import { type MikroORM } from '@mikro-orm/postgresql';
import { NIL } from 'uuid';
import { names } from '../../database/names.js';
import { type Column, parameters, records } from '../../database/records.js';
import { type Statement } from '../../database/statement.js';
import { erasedKey } from '../../idempotency/erased-key.js';
import { updatedColumns } from '../columns.js';
import { Customer } from '../customer.entity.js';
import { changeMarks } from '../events/change-marks.js';
import { writeEvents } from '../events/write-events.js';

/** An idempotency key of the team. */
export interface TeamKey {
  readonly clientId: string;
  readonly key: string;
}

/** The rows of `:'keys'`. */
export const keyColumns: readonly Column<TeamKey>[] = [
  ['clientId', 'uuid', ({ clientId }) => clientId],
  ['key', 'text', ({ key }) => key],
];

/** Removes the data of a locked customer, its contacts and what idempotency keys have of it, and stores the event. */
export function eraseRowStatement(orm: MikroORM): Statement {
  const text = `
    with changed as (
      update customer
      set (${names(orm, Customer).columns(updatedColumns)}) = row(${parameters(updatedColumns)}),
        deleted_at = coalesce(customer.deleted_at, now()), erased_at = now(), ${changeMarks('customer')}
      where team_id = :'teamId'::uuid and id = :'uuid'::uuid
      returning *
    ), removed as (
      delete from contact using changed where contact.customer_id = changed.id
      returning 1
    ), forgotten as (
      delete from idempotency_key using ${records(keyColumns, 'own', `:'keys'::json`)}
      where team_id = :'teamId'::uuid and client_id = own."clientId" and idempotency_key.key = own."key"
      returning idempotency_key.*
    ), hashed as (
      insert into idempotency_key (client_id, team_id, key, request_hash, seed, outcomes, created_at)
      select client_id, team_id, ${erasedKey('key')}, decode(repeat('00', 32), 'hex'), '${NIL}', 'c', created_at
      from forgotten
      -- A gateway of an earlier version does not find the hash, and could use the key again.
      on conflict do nothing
    ), ${writeEvents(orm, { rows: 'changed', type: `'ERASED'`, contacts: `'[]'::json` })}
    select version, (select count(*)::int from removed) as "contacts", (select count(*)::int from forgotten) as "idempotencyKeys"
    from changed`;
  return { name: 'erase-row', text };
}
