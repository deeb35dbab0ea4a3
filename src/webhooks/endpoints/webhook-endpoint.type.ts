import { Extensions, Field, ObjectType, registerEnumType } from 'type-graphql';
import { CustomerEventType, EVENT_TYPES } from '../../customers/events/event-type.js';
import { RequiresScope } from '../../auth/requires-scope.js';
import { NodeType } from '../../validation/node.type.js';
import { UuidScalar } from '../../validation/uuid.scalar.js';
import { WebhookDisabledReason, WebhookEndpointStatus } from './endpoint-status.js';
import { DateTimeScalar } from '../../validation/date-time.scalar.js';

registerEnumType(WebhookEndpointStatus, {
  name: 'WebhookEndpointStatus',
  description: 'Whether a webhook endpoint receives events.',
  valuesConfig: {
    ENABLED: { description: 'Events are delivered.' },
    PAUSED: { description: 'Events wait until the endpoint is resumed. They are then delivered.' },
    DISABLED: {
      description:
        'No events are delivered. Pending deliveries are canceled, and events that occur while the endpoint is disabled are never delivered to it. `disabledReason` has the reason.',
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
        'The token that created or last updated the endpoint was revoked, or the client no longer has access to the team.',
    },
    OPERATOR: { description: 'The operator of the gateway disabled it.' },
  },
});

@RequiresScope('webhooks:manage')
@ObjectType('WebhookEndpoint', {
  simpleResolvers: true,
  implements: NodeType,
  description: 'A URL to which the gateway sends the events of one team.',
})
export class WebhookEndpointType {
  @Field(() => UuidScalar, { description: "The endpoint's ID (UUID version 7)." })
  uuid!: string;

  @Field(() => String, { description: 'URL to which events are sent.' })
  url!: string;

  @Extensions({ maxItems: EVENT_TYPES })
  @Field(() => [CustomerEventType], {
    description: `Event types that are sent, at most ${EVENT_TYPES}. An empty list means all types.`,
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

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'Time since which every attempt has failed, or `null` if the latest attempts succeeded. After 3 days the endpoint is disabled.',
  })
  failingSince!: Date | null;

  @Field(() => DateTimeScalar, { description: 'Creation time.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'Time of the last update.' })
  updatedAt!: Date;
}
