import { type MikroORM } from '@mikro-orm/postgresql';
import { names } from '../../database/names.js';
import { type Statement } from '../../database/statement.js';
import { CustomerErasure } from './customer-erasure.entity.js';

/** The properties of a receipt. */
const properties = [
  'customerId',
  'eventId',
  'erasedAt',
  'contacts',
  'events',
  'idempotencyKeys',
  'clientId',
  'tokenId',
  'requestId',
  'command',
] as const satisfies readonly (keyof CustomerErasure)[];

function receiptColumns(orm: MikroORM): string {
  const erasure = names(orm, CustomerErasure);
  return properties.map((property) => `${erasure.column(property)} as "${property}"`).join(', ');
}

/** Stores the receipt of an erasure, with the time and the actor of its event, and gives it. */
export function storeReceiptStatement(orm: MikroORM): Statement {
  const text = `
    insert into customer_erasure (
      customer_id, team_id, event_id, erased_at, contacts, events, idempotency_keys, client_id, token_id, request_id, command
    )
    select customer_id, team_id, id, occurred_at, :'contacts'::int, :'events'::int, :'idempotencyKeys'::int,
      client_id, token_id, request_id, command
    from customer_event where customer_id = :'uuid'::uuid and version = :'version'::int
    returning ${receiptColumns(orm)}`;
  return { name: 'store-receipt', text };
}

/** Gives the receipt of an erased customer. */
export function findReceiptStatement(orm: MikroORM): Statement {
  const text = `
    select ${receiptColumns(orm)} from customer_erasure
    where team_id = :'teamId'::uuid and customer_id = :'uuid'::uuid`;
  return { name: 'find-receipt', text };
}
