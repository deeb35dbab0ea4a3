import { type Statement } from '../../database/statement.js';
import { addSendJob } from '../jobs/tasks.js';
import { wakeAt } from './wake.js';

/**
 * Creates a delivery of each event in `:'events'` for each endpoint of its team that receives its type, and wakes those endpoints.
 * Repeating the statement creates nothing again.
 */
export const createDeliveriesStatement: Statement = {
  name: 'create-deliveries',
  text: `
    with created as (
      insert into webhook_delivery (endpoint_id, event_id, next_attempt_at)
      select webhook_endpoint.id, customer_event.id, now()
      from customer_event join webhook_endpoint on webhook_endpoint.team_id = customer_event.team_id
      where customer_event.id = any(:'events'::uuid[])
        and webhook_endpoint.deleted_at is null and webhook_endpoint.status <> 'DISABLED'
        and (webhook_endpoint.types is null or customer_event.type = any(webhook_endpoint.types))
      -- Of statements that create the same deliveries, one waits for the other.
      order by webhook_endpoint.id, customer_event.id
      on conflict (endpoint_id, event_id) do nothing
      returning endpoint_id
    ), woken as (
      select webhook_endpoint.id, ${wakeAt('webhook_endpoint')} as at from webhook_endpoint
      where id in (select endpoint_id from created) and status = 'ENABLED'
      order by id
      -- The jobs are added in this order, so that two statements cannot wait for each other.
      offset 0
    )
    select count(${addSendJob('woken.id', 'woken.at')}) from woken`,
};
