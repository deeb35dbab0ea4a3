import { type Statement } from '../../database/statement.js';

/** Pending deliveries that are counted for each endpoint, at most, so that a long queue does not delay the list. */
export const MAX_COUNTED = 10_000;

/**
 * Gives the endpoints of all clients, newest first, each with the number of its pending deliveries. A filter that is null is not
 * applied.
 */
export const listAllEndpointsStatement: Statement = {
  text: `
    select id, client_id as "clientId", team_id as "teamId", url, status, disabled_reason as "disabledReason",
      failing_since as "failingSince", created_at as "createdAt",
      (
        select count(*)::int from (
          select from webhook_delivery where endpoint_id = webhook_endpoint.id and status = 'PENDING' limit ${MAX_COUNTED}
        ) as pending
      ) as "pendingDeliveries"
    from webhook_endpoint
    where deleted_at is null
      and (:'clientId'::uuid is null or client_id = :'clientId'::uuid)
      and (:'teamId'::uuid is null or team_id = :'teamId'::uuid)
      and (:'status'::text is null or status = :'status'::text)
    order by id desc limit :'limit'`,
};
