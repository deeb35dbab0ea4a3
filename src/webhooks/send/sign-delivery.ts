import { Webhook } from 'standardwebhooks';

const MS_PER_SECOND = 1_000;

/**
 * The headers of an attempt by the Standard Webhooks specification: `webhook-id`, `webhook-timestamp` in Unix seconds, and
 * `webhook-signature` with a signature for each secret.
 *
 * @param id - the event's ID, the same in every attempt.
 * @param secrets - one secret, or two during a rotation: `whsec_` and 24 to 64 bytes in Base64.
 */
export function signDelivery(
  id: string,
  body: string,
  secrets: readonly string[],
  now: Date,
): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / MS_PER_SECOND)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(' '),
  };
}
