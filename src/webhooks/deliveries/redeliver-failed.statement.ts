import { leastUuidOf } from '../../database/uuid-time.js';
import { type Statement } from '../../database/statement.js';
import { addSendJob } from '../jobs/tasks.js';
import { wakeAt } from '../send/wake.js';

/** Deliveries that one statement looks at, of any status, so that its duration does not depend on how many of them failed. */
const BATCH = 5_000;

/**
 * Makes the failed and canceled ones among the next deliveries of an endpoint due, those after `:'after'` and since `:'since'`,
 * and wakes the endpoint. Their retries begin again. Gives the endpoint's status, the number of deliveries that will be sent, and
 * the last delivery that it looked at, which is null if there was none. Without a row there is no such endpoint. Nothing is sent to
 * a disabled endpoint.
 */
export const redeliverFailedStatement: Statement = {
  text: `
    with endpoint as (
      select * from webhook_endpoint where id = :'endpoint'::uuid and deleted_at is null
    ), batch as (
      select id, status from webhook_delivery
      where endpoint_id = (select id from endpoint where status <> 'DISABLED') and id > :'after'::uuid
        and (:'since'::timestamptz is null or id >= ${leastUuidOf(`:'since'::timestamptz`)})
      order by id limit ${BATCH}
    ), failed as (
      select id from webhook_delivery where id in (select id from batch where status in ('FAILED', 'CANCELED'))
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
