import { Extensions, Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { CustomerEventType } from '../../customers/events/event-type.js';
import { UuidScalar } from '../../validation/uuid.scalar.js';
import { limits } from '../limits.js';
import { WebhookDeliveryStatus } from './delivery-status.js';
import { DateTimeScalar } from '../../validation/date-time.scalar.js';

registerEnumType(WebhookDeliveryStatus, {
  name: 'WebhookDeliveryStatus',
  description: 'Status of a delivery.',
  valuesConfig: {
    PENDING: {
      description:
        'The event has not been delivered yet. `nextAttemptAt` is the earliest time of the next attempt.',
    },
    SUCCEEDED: { description: 'The endpoint responded with status 200 to 299.' },
    FAILED: { description: 'No attempt succeeded within 3 days. `redeliver` sends the event again.' },
    CANCELED: {
      description:
        'The endpoint was disabled before the event was delivered. `redeliver` sends the event again.',
    },
  },
});

@ObjectType({ simpleResolvers: true, description: 'One attempt to deliver an event.' })
export class WebhookAttempt {
  @Field(() => DateTimeScalar, { description: 'Start of the attempt.' })
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
    description:
      'Why no complete response was received, such as `timeout` or `connection refused`; otherwise `null`.',
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
      "The event's ID, sent as `webhook-id`. `null` for a test event, which has the delivery's ID as `webhook-id`.",
  })
  eventId!: string | null;

  @Field(() => CustomerEventType, {
    nullable: true,
    description: "The event's type. `null` for a test event, and after the event has been removed.",
  })
  eventType!: CustomerEventType | null;

  @Field(() => WebhookDeliveryStatus, { description: 'Status of the delivery.' })
  status!: WebhookDeliveryStatus;

  @Extensions({ maxItems: limits.attempts })
  @Field(() => [WebhookAttempt], { description: 'The latest attempts, at most 30, oldest first.' })
  attempts!: readonly WebhookAttempt[];

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Earliest time of the next attempt, or `null` if none follows.',
  })
  nextAttemptAt!: Date | null;

  @Field(() => DateTimeScalar, { description: 'Creation time.' })
  createdAt!: Date;
}
