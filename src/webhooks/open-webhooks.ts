import { type MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { type SecretBox } from '../auth/secret-box.js';
import { DeliveryLog } from './deliveries/delivery-log.js';
import { EndpointRules } from './endpoints/endpoint-rules.js';
import { EndpointStore } from './endpoints/endpoint-store.js';
import { type WebhookUrlRules } from './send/webhook-url.js';
import { type Webhooks } from './webhook-context.js';

/**
 * Opens what the operations of webhooks use on a connected ORM.
 *
 * @param lists - runs the statements of lists.
 */
export function openWebhooks(
  orm: MikroORM,
  box: SecretBox,
  lists: pg.Pool,
  rules: WebhookUrlRules,
): Webhooks {
  return {
    rules: new EndpointRules(rules),
    endpoints: new EndpointStore(orm, box),
    deliveries: new DeliveryLog(orm, lists),
  };
}
