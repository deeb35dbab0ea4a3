import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { callerOf } from '../../auth/auth-context.js';
import { RequiresScope } from '../../auth/requires-scope.js';
import { Conflict } from '../../customers/conflict.type.js';
import { encodeEventCursor } from '../../customers/events/event-cursor.js';
import { NotFound } from '../../customers/not-found.type.js';
import { badUserInput } from '../../validation/bad-user-input.js';
import { UuidScalar } from '../../validation/uuid.scalar.js';
import { WebhookEndpointType } from '../endpoints/webhook-endpoint.type.js';
import { type WebhookContext } from '../webhook-context.js';
import { WebhookDeliveriesArgs } from './deliveries.args.js';
import { type Queued } from './delivery-log.js';
import { checkDeliveries } from './delivery-rules.js';
import { WebhookDeliveryConnection } from './webhook-delivery-connection.js';
import { RedeliverResult, SendTestEventResult, WebhookDeliveryQueued } from './webhook-delivery.results.js';

/** Fields that list deliveries and send them again. */
@Resolver(() => WebhookEndpointType)
export class DeliveriesResolver {
  @FieldResolver(() => WebhookDeliveryConnection, {
    description:
      "Returns the endpoint's deliveries, latest first. Deliveries are kept for 90 days by default.",
  })
  deliveries(
    @Root() { uuid }: WebhookEndpointType,
    @Ctx() context: WebhookContext,
    @Args(() => WebhookDeliveriesArgs) args: WebhookDeliveriesArgs,
  ): WebhookDeliveryConnection {
    const checked = checkDeliveries(args);
    if ('errors' in checked) throw badUserInput(checked.errors);
    const { first, after, status } = checked;
    return new WebhookDeliveryConnection(async () => {
      await context.heavyTurn.take();
      const page = await context.webhooks.deliveries.list(uuid, { after, status, limit: first });
      context.response.addRows(page.deliveries);
      const edges = page.deliveries.map((node) => ({ cursor: encodeEventCursor(node.uuid), node }));
      return {
        edges,
        pageInfo: {
          hasNextPage: page.hasNextPage,
          hasPreviousPage: after !== null,
          startCursor: edges.at(0)?.cursor ?? null,
          endCursor: edges.at(-1)?.cursor ?? null,
        },
      };
    });
  }

  @RequiresScope('webhooks:manage')
  @Mutation(() => SendTestEventResult, {
    description:
      'Sends a test event of type `webhook.test`, without a customer, to a webhook endpoint. The delivery is listed with the others.',
  })
  async sendTestEvent(
    @Ctx() context: WebhookContext,
    @Arg('uuid', () => UuidScalar, { description: "The endpoint's ID." }) uuid: string,
  ): Promise<typeof SendTestEventResult> {
    const queued = await context.webhooks.deliveries.sendTest(callerOf(context), uuid);
    return outcomeOf(queued, 'uuid', () => new NotFound(uuid, 'WEBHOOK_ENDPOINT_NOT_FOUND'));
  }

  @RequiresScope('webhooks:manage')
  @Mutation(() => RedeliverResult, {
    description:
      'Sends the event of a delivery again, regardless of its status, with the same `webhook-id`. If the attempt fails, it is retried for 3 days.',
  })
  async redeliver(
    @Ctx() context: WebhookContext,
    @Arg('deliveryUuid', () => UuidScalar, { description: "The delivery's ID." }) deliveryUuid: string,
  ): Promise<typeof RedeliverResult> {
    const queued = await context.webhooks.deliveries.redeliver(callerOf(context), deliveryUuid);
    return outcomeOf(queued, 'deliveryUuid', () => new NotFound(deliveryUuid, 'WEBHOOK_DELIVERY_NOT_FOUND'));
  }
}

/** @param field - the argument that a conflict is about. */
function outcomeOf(
  queued: Queued,
  field: string,
  notFound: () => NotFound,
): WebhookDeliveryQueued | NotFound | Conflict {
  if (queued === undefined) return notFound();
  return queued === 'ENDPOINT_DISABLED'
    ? new Conflict(queued, null, field)
    : new WebhookDeliveryQueued(queued);
}
