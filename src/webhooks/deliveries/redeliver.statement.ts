import { type Statement } from '../../database/statement.js';
import { addSendJob } from '../jobs/tasks.js';
import { wakeAt } from '../send/wake.js';
import { deliverySelectList } from './list-deliveries.statement.js';

/**
 * Makes a delivery of the caller due and wakes its endpoint. Its retries begin again. Gives the delivery and the endpoint's status;
 * without a row there is no such delivery. Without `:'clientId'` the operator sends it, of any client.
 */
export const redeliverStatement: Statement = {
  text: `
    with endpoint as (
      select webhook_endpoint.* from webhook_endpoint
      where id = (select endpoint_id from webhook_delivery where id = :'delivery'::uuid) and deleted_at is null
        and (:'clientId'::uuid is null or client_id = :'clientId'::uuid and team_id = :'teamId'::uuid)
    ), queued as (
      update webhook_delivery
      set status = 'PENDING', next_attempt_at = now(), started_at = now(), failed_attempts = 0
      from endpoint
      where webhook_delivery.id = :'delivery'::uuid and endpoint.status <> 'DISABLED'
      returning webhook_delivery.*
    )
    select ${deliverySelectList('queued')}, endpoint.status as "endpointStatus",
      case when endpoint.status = 'ENABLED' then ${addSendJob('endpoint.id', wakeAt('endpoint'))} is not null end as "isScheduled"
    from endpoint left join queued on true`,
};
