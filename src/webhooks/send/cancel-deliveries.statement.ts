import { type Statement } from '../../database/statement.js';

/** Deliveries canceled by one statement. */
export const BATCH = 1_000;

/** Cancels the next pending deliveries of an endpoint. */
export const cancelDeliveriesStatement: Statement = {
  name: 'cancel-deliveries',
  text: `
    update webhook_delivery set status = 'CANCELED', next_attempt_at = null
    where id in (
      select id from webhook_delivery where endpoint_id = :'endpoint'::uuid and status = 'PENDING' limit ${BATCH}
    )`,
};
