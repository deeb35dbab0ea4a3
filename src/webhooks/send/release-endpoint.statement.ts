import { type Statement } from '../../database/statement.js';
import { addSendJob } from '../jobs/tasks.js';
import { RETRY_DAYS } from './record-attempts.statement.js';

/** The longest pause between two trials of an endpoint that is down, in seconds. */
const MAX_PAUSE_SECONDS = 300;

/** SQL: what is wrong with the endpoint after the run, or null. */
const disabledReason = `coalesce(
        :'reason'::text,
        case when :'failed'::boolean and not :'succeeded'::boolean
          and failing_since <= now() - interval '${RETRY_DAYS} days' then 'FAILING' end
      )`;

/**
 * Ends the run `:'run'` of an endpoint and adds the job for its next delivery. Gives the endpoint, and why it was disabled by this
 * statement.
 *
 * - `:'succeeded'`, `:'failed'`: whether an attempt of the run did.
 * - `:'isDown'`: whether so many failed that the endpoint seems to be down. It is then tried again after 1 s, 2 s, 4 s and so on, at most
 *   ${MAX_PAUSE_SECONDS} s, times `:'jitter'`.
 * - `:'reason'`: why it is disabled, or null.
 */
export const releaseEndpointStatement: Statement = {
  name: 'release-endpoint',
  text: `
    with released as (
      update webhook_endpoint set
        sending_by = null, sending_until = null,
        failing_since = case when :'succeeded'::boolean then null when :'failed'::boolean then coalesce(failing_since, now())
          else failing_since end,
        failed_runs = case when :'isDown'::boolean then failed_runs + 1 when :'succeeded'::boolean then 0 else failed_runs end,
        resume_at = case
          when :'isDown'::boolean then now()
            + least(power(2, least(failed_runs, 20)), ${MAX_PAUSE_SECONDS}) * :'jitter'::double precision * interval '1 second'
          when :'succeeded'::boolean then null
          else resume_at
        end,
        status = case when status <> 'DISABLED' and ${disabledReason} is not null then 'DISABLED' else status end,
        disabled_reason = case when status <> 'DISABLED' then ${disabledReason} else disabled_reason end,
        updated_at = case when status <> 'DISABLED' and ${disabledReason} is not null then now() else updated_at end
      where id = :'endpoint'::uuid and sending_by = :'run'::uuid
      returning *
    ), next as (
      select released.id, greatest(min(next_attempt_at), resume_at, now()) as at,
        greatest(min(next_attempt_at), resume_at) <= now() as "isDue"
      from released join webhook_delivery on endpoint_id = released.id and webhook_delivery.status = 'PENDING'
      where released.status = 'ENABLED' and deleted_at is null
      group by released.id, resume_at
    )
    select released.id, released.status, released.disabled_reason as "disabledReason", released.client_id as "clientId",
      released.team_id as "teamId",
      -- A job that a new delivery has added meanwhile keeps its time: this statement may not see that delivery.
      (select ${addSendJob('next.id', 'next.at', `case when "isDue" then 'replace' else 'preserve_run_at' end`)} is not null
        from next) as "isScheduled"
    from released`,
};
