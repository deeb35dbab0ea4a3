import { type CustomerContext } from '../customers/customer-context.js';
import { type RecordContext } from '../observability/record-context.js';
import { type RateLimitContext } from '../rate-limit/rate-limit-context.js';
import { type WebhookContext } from '../webhooks/webhook-context.js';

/** The context of a request: the parts that the folders below declare. */
export interface GatewayContext extends CustomerContext, WebhookContext, RateLimitContext, RecordContext {}
