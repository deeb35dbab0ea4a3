import { type MikroORM } from '@mikro-orm/postgresql';
import { eventBytes, eventSelectList } from '../../customers/events/stored-event.js';
import { type Statement } from '../../database/statement.js';

/** How long a run that does not take more deliveries keeps its endpoint, in seconds. Longer than an attempt may take. */
const LEASE_SECONDS = 30;

/**
 * SQL: whether the client of the endpoint `alias` still has access to its team. The token that set the endpoint up must not be revoked,
 * and the client must have a token that is valid. Tokens of an external issuer are not stored, so an endpoint that was set up with one
 * depends on the client alone.
 */
const hasAccess = (alias: string): string => `(
        exists (select from api_client where api_client.id = ${alias}.client_id and revoked_at is null)
        and (${alias}.token_id is null or (
          exists (select from access_token where access_token.id = ${alias}.token_id and revoked_at is null)
          and exists (
            select from access_token where access_token.client_id = ${alias}.client_id and access_token.team_id = ${alias}.team_id
              and revoked_at is null and expires_at > now()
          )
        ))
      )`;

/**
 * Takes an endpoint for the run `:'run'`, unless another run has it, and gives its next deliveries that are due and not in
 * `:'sending'`: at most `:'limit'`, and as many as have `:'maxBytes'`, but at least one. Each row has the endpoint, and without a
 * delivery there is one row that has only that. Without a row another run has the endpoint.
 */
export function takeDeliveriesStatement(orm: MikroORM): Statement {
  const text = `
    with taken as (
      update webhook_endpoint
      set sending_by = :'run'::uuid, sending_until = now() + interval '${LEASE_SECONDS} seconds'
      where id = :'endpoint'::uuid and (sending_by = :'run'::uuid or sending_until is null or sending_until < now())
      returning *
    ), endpoint as (
      select taken.id, team_id as "teamId", url, status, disabled_reason as "disabledReason",
        ${hasAccess('taken')} as "hasAccess", deleted_at is not null as "isDeleted",
        coalesce(resume_at > now(), false) as "isDown",
        (
          select json_agg(json_build_object('ciphertext', encode(ciphertext, 'base64'), 'keyId', key_id)
            order by expires_at desc nulls first)
          from webhook_secret where endpoint_id = taken.id and (expires_at is null or expires_at > now())
        ) as "secrets"
      from taken
    ), due as (
      select webhook_delivery.id, event_id, failed_attempts, next_attempt_at, created_at,
        attempts = '[]' as is_new
      from webhook_delivery
      where endpoint_id = (
          select id from endpoint where status = 'ENABLED' and "hasAccess" and not "isDeleted" and not "isDown"
        )
        and status = 'PENDING' and next_attempt_at <= now() and id <> all(:'sending'::uuid[])
      order by next_attempt_at, id limit :'limit'
    ), found as (
      select due.id as "deliveryId", due.event_id as "eventId", failed_attempts as "failedAttempts",
        due.created_at as "createdAt",
        due.is_new as "isNew", event.*,
        coalesce(${eventBytes}, 0) as "bytes",
        sum(coalesce(${eventBytes}, 0)) over (order by next_attempt_at, due.id) as "sum",
        row_number() over (order by next_attempt_at, due.id) as "rank"
      from due left join (select ${eventSelectList(orm, 'customer_event')} from customer_event) as event
        on event.id = due.event_id
    )
    select endpoint.id as "endpointId", endpoint."teamId", url, status, "disabledReason", "hasAccess", "isDeleted", "isDown",
      secrets, found.*
    from endpoint left join found on "sum" <= :'maxBytes'::bigint or "rank" = 1
    order by "rank"`;
  return { name: 'take-deliveries', text };
}
