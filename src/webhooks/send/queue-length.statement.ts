import { type Statement } from '../../database/statement.js';

/** Deliveries that are counted, at most, so that a scrape of a long queue does not take longer and longer. */
const MAX_COUNTED = 100_000;

/**
 * Gives the number of pending deliveries, at most 100,000, and for how long the oldest one that is due has waited, in seconds. Those of
 * paused endpoints wait on purpose and are not among them.
 */
export const queueLengthStatement: Statement = {
  name: 'webhook-queue-length',
  text: `
    with endpoint as (
      select id from webhook_endpoint where deleted_at is null and status = 'ENABLED'
    )
    select
      (
        select count(*)::int from (
          select from endpoint join webhook_delivery on endpoint_id = endpoint.id and status = 'PENDING' limit ${MAX_COUNTED}
        ) as pending
      ) as "pending",
      (
        select coalesce(greatest(extract(epoch from now() - min(oldest)), 0), 0)::float8 from endpoint, lateral (
          select min(next_attempt_at) as oldest from webhook_delivery where endpoint_id = endpoint.id and status = 'PENDING'
        ) as delivery
      ) as "oldestSeconds"`,
};
