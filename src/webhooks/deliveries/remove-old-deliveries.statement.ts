import { leastUuidOf } from '../../database/uuid-time.js';
import { type Statement } from '../../database/statement.js';

/** Deliveries removed by one statement. */
export const BATCH = 1_000;

/** Removes the next deliveries after `:'after'` that were created more than `:'days'` ago, and gives their IDs. */
export const removeOldDeliveriesStatement: Statement = {
  text: `
    delete from webhook_delivery where id in (
      select id from webhook_delivery
      where id > :'after'::uuid and id < ${leastUuidOf(`now() - make_interval(days => :'days'::int)`)}
      order by id limit ${BATCH} for update skip locked
    )
    returning id`,
};

/** Removes the next deliveries of deleted endpoints. */
export const removeDeletedDeliveriesStatement: Statement = {
  text: `
    delete from webhook_delivery where id in (
      select webhook_delivery.id
      from webhook_endpoint join webhook_delivery on endpoint_id = webhook_endpoint.id
      where deleted_at is not null
      limit ${BATCH} for update of webhook_delivery skip locked
    )
    returning id`,
};

/** Removes deleted endpoints that have no deliveries left. Their secrets are removed with them. */
export const removeDeletedEndpointsStatement: Statement = {
  text: `
    delete from webhook_endpoint
    where deleted_at is not null
      and not exists (select from webhook_delivery where endpoint_id = webhook_endpoint.id)`,
};
