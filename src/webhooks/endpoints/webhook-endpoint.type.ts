import { GraphQLDateTime } from 'graphql-scalars';
import { Extensions, Field, ObjectType, registerEnumType } from 'type-graphql';
import { CustomerEventType } from '../../customers/events/event-type.js';
import { UuidScalar } from '../../validation/uuid.scalar.js';
import { WebhookDisabledReason, WebhookEndpointStatus } from './endpoint-status.js';

registerEnumType(WebhookEndpointStatus, {
  name: 'WebhookEndpointStatus',
  description: 'Whether a webhook endpoint receives events.',
  valuesConfig: {
    ENABLED: { description: 'Events are delivered.' },
    PAUSED: { description: 'Events wait until the endpoint is resumed.' },
    DISABLED: {
      description:
        'Nothing is delivered, and events of this time are never delivered to the endpoint. `disabledReason` has the reason.',
    },
  },
});

registerEnumType(WebhookDisabledReason, {
  name: 'WebhookDisabledReason',
  description: 'Why a webhook endpoint was disabled.',
  valuesConfig: {
    GONE: { description: 'The endpoint responded with status 410.' },
    FAILING: { description: 'Every attempt failed for 3 days.' },
    ACCESS_ENDED: {
      description:
        'The token that set up the endpoint was revoked, or the client has no valid token for the team any more.',
    },
    OPERATOR: { description: 'The operator of the gateway disabled it.' },
  },
});

@ObjectType('WebhookEndpoint', {
  simpleResolvers: true,
  description: 'A URL of the client that receives the events of one team.',
})
export class WebhookEndpointType {
  @Field(() => UuidScalar, { description: "The endpoint's ID (UUID version 7)." })
  uuid!: string;

  @Field(() => String, { description: 'URL that events are sent to.' })
  url!: string;

  @Extensions({ maxItems: Object.keys(CustomerEventType).length })
  @Field(() => [CustomerEventType], {
    description: 'Types of events that the endpoint receives, at most 4. Empty for all types.',
  })
  types!: readonly CustomerEventType[];

  @Field(() => String, { nullable: true, description: 'Free-form description.' })
  description!: string | null;

  @Field(() => WebhookEndpointStatus, { description: 'Whether the endpoint receives events.' })
  status!: WebhookEndpointStatus;

  @Field(() => WebhookDisabledReason, {
    nullable: true,
    description: 'Why the endpoint was disabled; `null` unless its status is `DISABLED`.',
  })
  disabledReason!: WebhookDisabledReason | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description:
      'Time from which every attempt has failed, or `null` if the last run of attempts had a success. After 3 days the endpoint is disabled.',
  })
  failingSince!: Date | null;

  @Field(() => GraphQLDateTime, { description: 'Creation time.' })
  createdAt!: Date;

  @Field(() => GraphQLDateTime, { description: 'Time of the last update.' })
  updatedAt!: Date;
}
