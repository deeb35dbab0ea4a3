import { Arg, Ctx, Extensions, Int, Mutation, Query, Resolver } from 'type-graphql';
import { callerOf } from '../../auth/auth-context.js';
import { RequiresScope } from '../../auth/requires-scope.js';
import { Conflict } from '../../customers/conflict.type.js';
import { NotFound } from '../../customers/not-found.type.js';
import { FieldErrorCode } from '../../validation/field-error-code.js';
import { UuidScalar } from '../../validation/uuid.scalar.js';
import { ValidationError } from '../../validation/validation-error.type.js';
import { limits } from '../limits.js';
import { type WebhookContext } from '../webhook-context.js';
import { CreateWebhookEndpointInput, UpdateWebhookEndpointInput } from './webhook-endpoint.input.js';
import {
  CreateWebhookEndpointResult,
  DeleteWebhookEndpointResult,
  RotateWebhookSecretResult,
  UpdateWebhookEndpointResult,
  WebhookEndpointCreated,
  WebhookEndpointDeleted,
  WebhookEndpointUpdated,
  WebhookSecretRotated,
} from './webhook-endpoint.results.js';
import { WebhookEndpointType } from './webhook-endpoint.type.js';

const DEFAULT_OVERLAP_HOURS = 24;

const UUID_DESCRIPTION = "The endpoint's ID.";

/** Root fields for webhook endpoints. */
@Resolver()
export class EndpointsResolver {
  @Extensions({ maxItems: limits.endpoints })
  @RequiresScope('webhooks:manage')
  @Query(() => [WebhookEndpointType], {
    description: "Returns the client's webhook endpoints for the team, oldest first; at most 10.",
  })
  webhookEndpoints(@Ctx() context: WebhookContext): Promise<WebhookEndpointType[]> {
    return context.webhooks.endpoints.list(callerOf(context));
  }

  @RequiresScope('webhooks:manage')
  @Query(() => WebhookEndpointType, {
    nullable: true,
    description: 'Returns a webhook endpoint, or `null` if the client has none with this ID for the team.',
  })
  async webhookEndpoint(
    @Ctx() context: WebhookContext,
    @Arg('uuid', () => UuidScalar, { description: UUID_DESCRIPTION }) uuid: string,
  ): Promise<WebhookEndpointType | null> {
    return (await context.webhooks.endpoints.find(callerOf(context), uuid)) ?? null;
  }

  @RequiresScope('webhooks:manage')
  @Mutation(() => CreateWebhookEndpointResult, {
    description:
      "Creates a webhook endpoint and returns its signing secret, which is not shown again. The endpoint receives the team's events from then on. A client can have at most 10 endpoints for each team.",
  })
  async createWebhookEndpoint(
    @Ctx() context: WebhookContext,
    @Arg('input', () => CreateWebhookEndpointInput, { description: 'The endpoint to create.' })
    input: CreateWebhookEndpointInput,
  ): Promise<typeof CreateWebhookEndpointResult> {
    const { rules, endpoints } = context.webhooks;
    const draft = rules.checkNew(input);
    if ('errors' in draft) return new ValidationError(draft.errors);
    const created = await endpoints.create(callerOf(context), draft);
    if (!created) return new Conflict('ENDPOINT_LIMIT_REACHED');
    return new WebhookEndpointCreated(created.endpoint, created.secret);
  }

  @RequiresScope('webhooks:manage')
  @Mutation(() => UpdateWebhookEndpointResult, {
    description:
      'Updates, pauses or resumes a webhook endpoint. The endpoint then depends on the token of this request: revoking that token disables the endpoint.',
  })
  async updateWebhookEndpoint(
    @Ctx() context: WebhookContext,
    @Arg('uuid', () => UuidScalar, { description: UUID_DESCRIPTION }) uuid: string,
    @Arg('input', () => UpdateWebhookEndpointInput, { description: 'The updates.' })
    input: UpdateWebhookEndpointInput,
  ): Promise<typeof UpdateWebhookEndpointResult> {
    const { rules, endpoints } = context.webhooks;
    const patch = rules.checkUpdate(input);
    if ('errors' in patch) return new ValidationError(patch.errors);
    const updated = await endpoints.update(callerOf(context), uuid, patch);
    return updated ? new WebhookEndpointUpdated(updated) : noEndpoint(uuid);
  }

  @RequiresScope('webhooks:manage')
  @Mutation(() => DeleteWebhookEndpointResult, {
    description: 'Deletes a webhook endpoint and its deliveries. This cannot be undone.',
  })
  async deleteWebhookEndpoint(
    @Ctx() context: WebhookContext,
    @Arg('uuid', () => UuidScalar, { description: UUID_DESCRIPTION }) uuid: string,
  ): Promise<typeof DeleteWebhookEndpointResult> {
    const deleted = await context.webhooks.endpoints.delete(callerOf(context), uuid);
    return deleted ? new WebhookEndpointDeleted(deleted) : noEndpoint(uuid);
  }

  @RequiresScope('webhooks:manage')
  @Mutation(() => RotateWebhookSecretResult, {
    description:
      'Replaces the signing secret of a webhook endpoint and returns the new one. Until the previous secret expires, each delivery has a signature for each of the two. An older secret expires immediately.',
  })
  async rotateWebhookSecret(
    @Ctx() context: WebhookContext,
    @Arg('uuid', () => UuidScalar, { description: UUID_DESCRIPTION }) uuid: string,
    @Arg('overlapHours', () => Int, {
      nullable: true,
      defaultValue: DEFAULT_OVERLAP_HOURS,
      description: `Hours until the previous secret expires, 0 to ${limits.overlapHours}. With 0 it expires immediately.`,
    })
    overlapHours: number | null,
  ): Promise<typeof RotateWebhookSecretResult> {
    const hours = overlapHours ?? DEFAULT_OVERLAP_HOURS;
    if (hours < 0 || hours > limits.overlapHours) return new ValidationError([overlapOutOfRange]);
    const rotated = await context.webhooks.endpoints.rotateSecret(callerOf(context), uuid, hours);
    return rotated ? new WebhookSecretRotated(rotated.endpoint, rotated.secret) : noEndpoint(uuid);
  }
}

const noEndpoint = (uuid: string): NotFound => new NotFound(uuid, 'WEBHOOK_ENDPOINT_NOT_FOUND');

const overlapOutOfRange = {
  path: 'overlapHours',
  code: FieldErrorCode.OUT_OF_RANGE,
  message: `must be between 0 and ${limits.overlapHours}`,
};
