import { createUnionType, Field, ObjectType } from 'type-graphql';
import { Conflict } from '../../customers/conflict.type.js';
import { NotFound } from '../../customers/not-found.type.js';
import { RateLimited } from '../../rate-limit/rate-limited.type.js';
import { WebhookDeliveryType } from './webhook-delivery.type.js';

@ObjectType({
  simpleResolvers: true,
  description:
    'The event was queued for delivery. If the endpoint is paused, it is delivered after the endpoint is resumed.',
})
export class WebhookDeliveryQueued {
  @Field(() => String, { description: 'Always "success".' })
  readonly status: string = 'success';

  @Field(() => String, { description: 'Human-readable message.' })
  readonly message: string = 'Delivery queued.';

  @Field(() => WebhookDeliveryType, { description: 'The delivery, before the attempt.' })
  readonly data: WebhookDeliveryType;

  constructor(data: WebhookDeliveryType) {
    this.data = data;
  }
}

/** Result of `sendTestEvent`. */
export const SendTestEventResult = createUnionType({
  name: 'SendTestEventResult',
  description: 'Result of `sendTestEvent`.',
  types: () => [WebhookDeliveryQueued, NotFound, Conflict, RateLimited] as const,
});

/** Result of `redeliver`. */
export const RedeliverResult = createUnionType({
  name: 'RedeliverResult',
  description: 'Result of `redeliver`.',
  types: () => [WebhookDeliveryQueued, NotFound, Conflict, RateLimited] as const,
});
