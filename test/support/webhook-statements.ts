import { type MikroORM } from '@mikro-orm/postgresql';
import { checkSecrets } from '../../src/auth/check-secrets.js';
import { issueToken } from '../../src/auth/issue-credentials.js';
import { reencryptSecrets } from '../../src/auth/reencrypt-secrets.js';
import { SecretBox } from '../../src/auth/secret-box.js';
import { CustomerEventType } from '../../src/customers/events/event-type.js';
import { DeliveryLog } from '../../src/webhooks/deliveries/delivery-log.js';
import { WebhookDeliveryStatus } from '../../src/webhooks/deliveries/delivery-status.js';
import { redeliverFailed } from '../../src/webhooks/deliveries/redeliver-failed.js';
import { removeOldDeliveries } from '../../src/webhooks/deliveries/remove-old-deliveries.js';
import { EndpointStore } from '../../src/webhooks/endpoints/endpoint-store.js';
import { disableEndpoint, listAllEndpoints } from '../../src/webhooks/endpoints/operate-endpoints.js';
import { WebhookSecret } from '../../src/webhooks/endpoints/webhook-secret.entity.js';
import { unlockJobs } from '../../src/webhooks/jobs/unlock-jobs.js';
import { DeliveryStore } from '../../src/webhooks/send/delivery-store.js';
import { query } from './database.js';

/** What the statements of webhooks run with. The box has the older key too. */
export interface WebhookParts {
  readonly orm: MikroORM;
  readonly databaseUrl: string;
  readonly teamId: string;
  readonly clientId: string;
  readonly olderKey: Buffer;
  readonly box: SecretBox;
}

/** Sends every statement of webhooks once, without a worker. */
export async function runWebhooks(parts: WebhookParts): Promise<void> {
  const { orm, databaseUrl, teamId, clientId, box } = parts;
  const pool = await orm.em.getConnection().getNativeClient();
  const { tokenId } = await issueToken(orm, { clientId, teamId, days: 1 });
  const caller = { clientId, teamId, tokenId };
  const draft = { url: 'https://example.com', types: [CustomerEventType.CREATED], description: 'text' };
  const created = await new EndpointStore(orm, new SecretBox([parts.olderKey])).create(caller, draft);
  if (!created) throw new Error('The endpoint was not created');
  const { uuid } = created.endpoint;

  await reencryptSecrets(orm, box, WebhookSecret);
  await checkSecrets(orm, box, WebhookSecret);
  await runDeliveries(new DeliveryStore(orm, pool), uuid);
  const log = new DeliveryLog(orm, pool);
  const test = await log.sendTest(caller, uuid);
  if (typeof test !== 'object') throw new Error('No test was sent');
  await log.redeliver(caller, test.uuid);
  await log.list(uuid, { after: null, status: WebhookDeliveryStatus.PENDING, limit: 10 });
  await redeliverFailed(orm, uuid, undefined);
  await unlockJobs(pool);

  const store = new EndpointStore(orm, box);
  await store.list(caller);
  await store.find(caller, uuid);
  await store.rotateSecret(caller, uuid, 0);
  await query(
    databaseUrl,
    `update webhook_endpoint set status = 'DISABLED', disabled_reason = 'GONE', failing_since = now(), failed_runs = 1,
       resume_at = now(), token_id = null`,
  );
  await store.update(caller, uuid, {
    url: 'https://example.com/new',
    types: [CustomerEventType.UPDATED],
    description: 'new text',
    paused: true,
  });
  await listAllEndpoints(orm, { clientId, teamId, status: undefined }, 100);
  await disableEndpoint(orm, uuid);
  await disableEndpoint(orm, uuid);
  await store.delete(caller, uuid);
  await removeOldDeliveries(orm, 90);
}

/** A run of a worker with an attempt that failed. */
async function runDeliveries(deliveries: DeliveryStore, endpoint: string): Promise<void> {
  const run = crypto.randomUUID();
  await deliveries.create([crypto.randomUUID()]);
  await deliveries.take({ endpoint, run, sending: [], limit: 10, maxBytes: 1_000 });
  await deliveries.record({
    deliveryId: crypto.randomUUID(),
    attempt: { at: new Date().toISOString(), status: 500, durationMs: 1, error: null },
    succeeded: false,
    pauseMs: 1_000,
  });
  const result = { succeeded: false, failed: true, isDown: false, jitter: 1, reason: null };
  await deliveries.release({ endpoint, run, ...result });
  await deliveries.wake(endpoint);
  await deliveries.queueLength();
}
