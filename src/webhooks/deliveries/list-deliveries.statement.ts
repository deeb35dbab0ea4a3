import { type Statement } from '../../database/statement.js';

/** SQL: everything of the delivery `alias` in a select list. */
export const deliverySelectList = (alias: string): string =>
  `${alias}.id, ${alias}.event_id as "eventId",
      (select type from customer_event where customer_event.id = ${alias}.event_id) as "eventType",
      ${alias}.status, ${alias}.attempts, ${alias}.next_attempt_at as "nextAttemptAt", ${alias}.created_at as "createdAt"`;

/**
 * Gives the deliveries of an endpoint before the ID `:'before'` that have one of `:'statuses'`, the latest first. Each status is read
 * in the order of the index, so that the page costs the same however many deliveries have another one.
 */
export const listDeliveriesStatement: Statement = {
  name: 'list-deliveries',
  text: `
    with page as (
      select delivery.id
      from unnest(:'statuses'::text[]) as wanted (status) cross join lateral (
        select id from webhook_delivery
        where endpoint_id = :'endpoint'::uuid and status = wanted.status and id < :'before'::uuid
        order by id desc limit :'limit'
      ) as delivery
      order by id desc limit :'limit'
    )
    select ${deliverySelectList('webhook_delivery')} from page join webhook_delivery on webhook_delivery.id = page.id
    order by webhook_delivery.id desc`,
};
