import { type Statement } from '../../database/statement.js';

/** SQL: everything of the delivery `alias` in a select list. */
export const deliverySelectList = (alias: string): string =>
  `${alias}.id, ${alias}.event_id as "eventId",
      (select type from customer_event where customer_event.id = ${alias}.event_id) as "eventType",
      ${alias}.status, ${alias}.attempts, ${alias}.next_attempt_at as "nextAttemptAt", ${alias}.created_at as "createdAt"`;

/**
 * Gives the deliveries of an endpoint, the latest first, that are older than `:'after'`.
 *
 * @param hasStatus - only those that have `:'status'`.
 */
export function listDeliveriesStatement(hasStatus: boolean): Statement {
  return {
    text: `
    select ${deliverySelectList('webhook_delivery')} from webhook_delivery
    where endpoint_id = :'endpoint'::uuid and (:'after'::uuid is null or id < :'after'::uuid)
      ${hasStatus ? `and status = :'status'` : ''}
    order by id desc limit :'limit'`,
  };
}
