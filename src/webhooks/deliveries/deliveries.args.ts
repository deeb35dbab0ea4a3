import { ArgsType, Field, Int } from 'type-graphql';
import { limits } from '../limits.js';
import { WebhookDeliveryStatus } from './delivery-status.js';

/** Arguments of `deliveries`. */
@ArgsType()
export class WebhookDeliveriesArgs {
  @Field(() => Int, {
    nullable: true,
    defaultValue: limits.defaultPageSize,
    description: `Maximum number of deliveries, 1 to ${limits.pageSize}.`,
  })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Returns the deliveries after this cursor, which are older.',
  })
  after?: string | null;

  @Field(() => WebhookDeliveryStatus, {
    nullable: true,
    description: 'Returns only deliveries with this status.',
  })
  status?: WebhookDeliveryStatus | null;
}
