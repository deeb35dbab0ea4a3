import { createUnionType, Field, ObjectType } from 'type-graphql';
import { Conflict } from '../../customers/conflict.type.js';
import { NotFound } from '../../customers/not-found.type.js';
import { RateLimited } from '../../rate-limit/rate-limited.type.js';
import { ValidationError } from '../../validation/validation-error.type.js';
import { WebhookEndpointType } from './webhook-endpoint.type.js';

const SECRET_DESCRIPTION =
  'Signing secret in the format of the Standard Webhooks specification: `whsec_` and 32 bytes in Base64. Store it: it is not shown again.';

/** Fields common to every success with one endpoint. */
@ObjectType({ simpleResolvers: true })
abstract class EndpointSuccess {
  @Field(() => String, { description: 'Always "success".' })
  readonly status: string = 'success';

  @Field(() => String, { description: 'Human-readable message.' })
  abstract readonly message: string;

  @Field(() => WebhookEndpointType, { description: 'The webhook endpoint.' })
  readonly data: WebhookEndpointType;

  constructor(data: WebhookEndpointType) {
    this.data = data;
  }
}

/** Fields common to every success with a new secret. */
@ObjectType({ simpleResolvers: true })
abstract class EndpointWithSecret extends EndpointSuccess {
  @Field(() => String, { description: SECRET_DESCRIPTION })
  readonly secret: string;

  constructor(data: WebhookEndpointType, secret: string) {
    super(data);
    this.secret = secret;
  }
}

@ObjectType({ simpleResolvers: true, description: 'The webhook endpoint was created.' })
export class WebhookEndpointCreated extends EndpointWithSecret {
  readonly message = 'Webhook endpoint created.';
}

@ObjectType({ simpleResolvers: true, description: 'The webhook endpoint was updated.' })
export class WebhookEndpointUpdated extends EndpointSuccess {
  readonly message = 'Webhook endpoint updated.';
}

@ObjectType({
  simpleResolvers: true,
  description:
    'The webhook endpoint and its deliveries were deleted. Attempts can still start for up to 5 seconds.',
})
export class WebhookEndpointDeleted extends EndpointSuccess {
  readonly message = 'Webhook endpoint deleted.';
}

@ObjectType({
  simpleResolvers: true,
  description: 'The webhook endpoint has a new signing secret.',
})
export class WebhookSecretRotated extends EndpointWithSecret {
  readonly message = 'Webhook secret rotated.';
}

/** Result of `createWebhookEndpoint`. */
export const CreateWebhookEndpointResult = createUnionType({
  name: 'CreateWebhookEndpointResult',
  description: 'Result of `createWebhookEndpoint`.',
  types: () => [WebhookEndpointCreated, ValidationError, Conflict, RateLimited] as const,
});

/** Result of `updateWebhookEndpoint`. */
export const UpdateWebhookEndpointResult = createUnionType({
  name: 'UpdateWebhookEndpointResult',
  description: 'Result of `updateWebhookEndpoint`.',
  types: () => [WebhookEndpointUpdated, ValidationError, NotFound, RateLimited] as const,
});

/** Result of `deleteWebhookEndpoint`. */
export const DeleteWebhookEndpointResult = createUnionType({
  name: 'DeleteWebhookEndpointResult',
  description: 'Result of `deleteWebhookEndpoint`.',
  types: () => [WebhookEndpointDeleted, NotFound, RateLimited] as const,
});

/** Result of `rotateWebhookSecret`. */
export const RotateWebhookSecretResult = createUnionType({
  name: 'RotateWebhookSecretResult',
  description: 'Result of `rotateWebhookSecret`.',
  types: () => [WebhookSecretRotated, ValidationError, NotFound, RateLimited] as const,
});
