import { Field, InputType } from 'type-graphql';
import { CustomerEventType, EVENT_TYPES } from '../../customers/events/event-type.js';
import { limits } from '../limits.js';

const URL_DESCRIPTION = `URL to send events to: https, with a public host and without a user name, password or fragment, at most ${limits.url} characters. Outside production, http is also allowed. The operator can allow private hosts.`;
const TEXT_DESCRIPTION = `Free-form description, at most ${limits.description} characters.`;

@InputType({ description: 'A webhook endpoint to create.' })
export class CreateWebhookEndpointInput {
  @Field(() => String, { description: URL_DESCRIPTION })
  url!: string;

  @Field(() => [CustomerEventType], {
    nullable: true,
    description: `Event types to send, at most ${EVENT_TYPES}, each once. Omitted, \`null\` or empty means all types.`,
  })
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

  @Field(() => [CustomerEventType], {
    nullable: true,
    description: `Event types to send, at most ${EVENT_TYPES}, each once. Replaces the current types; \`null\` or empty means all types.`,
  })
  types?: CustomerEventType[] | null;

  @Field(() => String, { nullable: true, description: TEXT_DESCRIPTION })
  description?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      '`true` pauses the endpoint: events wait until it is resumed. `false` resumes it, and enables a disabled endpoint again.',
  })
  paused?: boolean | null;
}
