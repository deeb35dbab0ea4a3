import { Field, InputType } from 'type-graphql';
import { CustomerEventType } from '../../customers/events/event-type.js';
import { limits } from '../limits.js';

const URL_DESCRIPTION = `URL that events are sent to: https with a public host, at most ${limits.url} characters. Outside production, http and private hosts can be allowed.`;
const TYPES_DESCRIPTION =
  'Types of events to receive, at most 4. By default, or with an empty list, all types.';
const TEXT_DESCRIPTION = `Free-form description, at most ${limits.description} characters.`;

@InputType({ description: 'A webhook endpoint to create.' })
export class CreateWebhookEndpointInput {
  @Field(() => String, { description: URL_DESCRIPTION })
  url!: string;

  @Field(() => [CustomerEventType], { nullable: true, description: TYPES_DESCRIPTION })
  types?: CustomerEventType[] | null;

  @Field(() => String, { nullable: true, description: TEXT_DESCRIPTION })
  description?: string | null;
}

@InputType({
  description:
    'Updates to a webhook endpoint. Omitted fields are left unchanged; `null` clears an optional field.',
})
export class UpdateWebhookEndpointInput {
  @Field(() => String, { nullable: true, description: URL_DESCRIPTION })
  url?: string | null;

  @Field(() => [CustomerEventType], { nullable: true, description: TYPES_DESCRIPTION })
  types?: CustomerEventType[] | null;

  @Field(() => String, { nullable: true, description: TEXT_DESCRIPTION })
  description?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      '`true` pauses the endpoint: events wait. `false` resumes it, or enables it again if it was disabled.',
  })
  paused?: boolean | null;
}
