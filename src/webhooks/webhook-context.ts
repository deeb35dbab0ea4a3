import { type CustomerContext } from '../customers/customer-context.js';
import { type DeliveryLog } from './deliveries/delivery-log.js';
import { type EndpointRules } from './endpoints/endpoint-rules.js';
import { type EndpointStore } from './endpoints/endpoint-store.js';

/** The webhooks of a gateway. */
export interface Webhooks {
  readonly rules: EndpointRules;
  readonly endpoints: EndpointStore;
  readonly deliveries: DeliveryLog;
}

/** The part of the context of a request that the webhooks' resolvers use. */
export interface WebhookContext extends Pick<
  CustomerContext,
  'authentication' | 'signature' | 'heavyTurn' | 'response'
> {
  readonly webhooks: Webhooks;
}
