import { GraphQLDateTime } from 'graphql-scalars';
import { Extensions, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { CustomerEventType } from '../../customers/events/event-type.js';
import { UuidScalar } from '../../validation/uuid.scalar.js';
import { limits } from '../limits.js';
import { WebhookDeliveryStatus } from './delivery-status.js';

registerEnumType(WebhookDeliveryStatus, {
  name: 'WebhookDeliveryStatus',
  description: 'Whether an event has reached a webhook endpoint.',
  valuesConfig: {
    PENDING: { description: 'An attempt will follow.' },
    SUCCEEDED: { description: 'The endpoint responded with status 200 to 299.' },
    FAILED: { description: 'Every attempt failed for 3 days. `redeliver` sends the event again.' },
    CANCELED: { description: 'The endpoint was disabled before the event reached it.' },
  },
});

@ObjectType({ simpleResolvers: true, description: 'One attempt to deliver an event.' })
export class WebhookAttempt {
  @Field(() => GraphQLDateTime, { description: 'Start of the attempt.' })
  readonly attemptedAt!: Date;

  @Field(() => Int, {
    nullable: true,
    description: 'HTTP status of the response, or `null` if the endpoint did not respond.',
  })
  readonly responseStatus!: number | null;

  @Field(() => Int, { description: 'Duration in milliseconds, at most about 10,000.' })
  readonly durationMs!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Why there was no complete response, such as `timeout` or `connection refused`.',
  })
  readonly error!: string | null;
}

@ObjectType('WebhookDelivery', {
  simpleResolvers: true,
  description: 'The delivery of one event to one webhook endpoint.',
})
export class WebhookDeliveryType {
  @Field(() => UuidScalar, { description: "The delivery's ID (UUID version 7)." })
  uuid!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      "The event's ID, which attempts have as `webhook-id`. `null` for a test event, whose attempts have the delivery's ID.",
  })
  eventId!: string | null;

  @Field(() => CustomerEventType, {
    nullable: true,
    description: "The event's type. `null` for a test event, and if the event is no longer kept.",
  })
  eventType!: CustomerEventType | null;

  @Field(() => WebhookDeliveryStatus, { description: 'Whether the event has reached the endpoint.' })
  status!: WebhookDeliveryStatus;

  @Extensions({ maxItems: limits.attempts })
  @Field(() => [WebhookAttempt], { description: 'The latest attempts, at most 30, oldest first.' })
  attempts!: readonly WebhookAttempt[];

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'Earliest time of the next attempt, or `null` if none follows.',
  })
  nextAttemptAt!: Date | null;

  @Field(() => GraphQLDateTime, { description: 'Creation time.' })
  createdAt!: Date;
}
