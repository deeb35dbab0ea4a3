import { leastUuidOf } from '../../database/uuid-time.js';
import { type Statement } from '../../database/statement.js';
import { addSendJob } from '../jobs/tasks.js';
import { wakeAt } from '../send/wake.js';

/** Deliveries that one statement makes due. */
const BATCH = 5_000;

/**
 * Makes the next failed and canceled deliveries of an endpoint due, those after `:'after'` and since `:'since'`, and wakes the
 * endpoint. Their retries begin again. Gives the endpoint's status, the number of deliveries that will be sent, and the last of
 * them, which is null if there was none. Without a row there is no such endpoint. Nothing is sent to
 * a disabled endpoint.
 */
export const redeliverFailedStatement: Statement = {
  text: `
    with endpoint as (
      select * from webhook_endpoint where id = :'endpoint'::uuid and deleted_at is null
    ), batch as (
      select delivery.id
      from endpoint cross join unnest(array['FAILED', 'CANCELED']) as failed (status) cross join lateral (
        select id from webhook_delivery
        where endpoint_id = endpoint.id and status = failed.status and id > :'after'::uuid
          and (:'since'::timestamptz is null or id >= ${leastUuidOf(`:'since'::timestamptz`)})
        order by id limit ${BATCH}
      ) as delivery
      where endpoint.status <> 'DISABLED'
      order by id limit ${BATCH}
    ), failed as (
      select id from webhook_delivery where id in (select id from batch)
      -- In one order, so that two statements cannot wait for each other.
      order by id for update
    ), queued as (
      update webhook_delivery
      set status = 'PENDING', next_attempt_at = now(), started_at = now(), failed_attempts = 0
      where id in (select id from failed) and status in ('FAILED', 'CANCELED')
      returning id
    )
    select endpoint.status, (select count(*)::int from queued) as "queued",
      (select id from batch order by id desc limit 1) as "last",
      case when endpoint.status = 'ENABLED' and exists (select from queued)
        then ${addSendJob('endpoint.id', wakeAt('endpoint'))} is not null end as "isScheduled"
    from endpoint`,
};
