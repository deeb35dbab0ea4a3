import { type Statement } from '../../database/statement.js';
import { addSendJob } from '../jobs/tasks.js';
import { wakeAt } from '../send/wake.js';
import { deliverySelectList } from './list-deliveries.statement.js';

/**
 * Creates a delivery of a test event for an endpoint of the caller and wakes the endpoint. Gives the delivery and the endpoint's status;
 * without a row there is no such endpoint.
 */
export const queueTestStatement: Statement = {
  text: `
    with endpoint as (
      select * from webhook_endpoint
      where id = :'endpoint'::uuid and client_id = :'clientId'::uuid and team_id = :'teamId'::uuid and deleted_at is null
    ), queued as (
      insert into webhook_delivery (endpoint_id, next_attempt_at)
      select id, now() from endpoint where status <> 'DISABLED'
      returning *
    )
    select ${deliverySelectList('queued')}, endpoint.status as "endpointStatus",
      case when endpoint.status = 'ENABLED' then ${addSendJob('endpoint.id', wakeAt('endpoint'))} is not null end as "isScheduled"
    from endpoint left join queued on true`,
};
