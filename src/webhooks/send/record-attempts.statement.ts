import { type Statement } from '../../database/statement.js';
import { limits } from '../limits.js';

/** Deliveries are retried for so long, in days. */
export const RETRY_DAYS = 3;

/**
 * Adds attempts to their deliveries. A delivery that failed is due again after `pauseMs`. Without `pauseMs`, or if that is after the
 * end of its retries, it has failed for good. One that was canceled meanwhile stays so.
 */
export const recordAttemptsStatement: Statement = {
  name: 'record-attempts',
  text: `
    update webhook_delivery set
      attempts = case when jsonb_array_length(attempts) < ${limits.attempts} then attempts else attempts - 0 end || attempt,
      failed_attempts = failed_attempts + case when succeeded then 0 else 1 end,
      status = case
        when webhook_delivery.status <> 'PENDING' then webhook_delivery.status
        when succeeded then 'SUCCEEDED'
        when pause is null or now() + pause > started_at + interval '${RETRY_DAYS} days' then 'FAILED'
        else 'PENDING'
      end,
      next_attempt_at = case
        when webhook_delivery.status = 'PENDING' and not succeeded
          and now() + pause <= started_at + interval '${RETRY_DAYS} days' then now() + pause
      end
    from (
      select "deliveryId" as id, attempt, succeeded, "pauseMs" * interval '1 millisecond' as pause
      from json_to_recordset(:'attempts'::json)
        as sent ("deliveryId" uuid, attempt jsonb, succeeded boolean, "pauseMs" double precision)
    ) as sent
    where webhook_delivery.id = sent.id`,
};
