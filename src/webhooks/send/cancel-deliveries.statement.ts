import { type Statement } from '../../database/statement.js';

/** Deliveries canceled by one statement. */
export const BATCH = 1_000;

/**
 * Cancels the next pending deliveries of an endpoint that is disabled or deleted. Those of an endpoint that is enabled again meanwhile
 * are sent.
 */
export const cancelDeliveriesStatement: Statement = {
  name: 'cancel-deliveries',
  text: `
    update webhook_delivery set status = 'CANCELED', next_attempt_at = null
    where id in (
      select id from webhook_delivery
      where endpoint_id = (
          select id from webhook_endpoint where id = :'endpoint'::uuid and (status = 'DISABLED' or deleted_at is not null)
        )
        and status = 'PENDING'
      limit ${BATCH}
    )`,
};
