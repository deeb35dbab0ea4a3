import { Extensions, Field, ObjectType } from 'type-graphql';
import { inTurns } from '../../concurrency/in-turns.js';
import { PageInfo } from '../../customers/list/customer-connection.js';
import { once } from '../../customers/list/once.js';
import { limits } from '../limits.js';
import { WebhookDeliveryType } from './webhook-delivery.type.js';

@ObjectType({ simpleResolvers: true, description: 'A delivery in a list, with its cursor.' })
export class WebhookDeliveryEdge {
  @Field(() => String, { description: 'Cursor for `after`. It remains valid when the delivery is removed.' })
  readonly cursor!: string;

  @Field(() => WebhookDeliveryType, { description: 'The delivery.' })
  readonly node!: WebhookDeliveryType;
}

/** A page of deliveries, read when one of its fields is selected. */
export interface DeliverySlice {
  readonly edges: readonly WebhookDeliveryEdge[];
  readonly pageInfo: PageInfo;
}

@ObjectType({
  simpleResolvers: true,
  description: 'A page of deliveries, as defined by the Relay Cursor Connections specification.',
})
export class WebhookDeliveryConnection {
  readonly #slice: () => Promise<DeliverySlice>;

  constructor(read: () => Promise<DeliverySlice>) {
    this.#slice = once(read);
  }

  @Extensions({ maxItems: limits.pageSize })
  @Field(() => [WebhookDeliveryEdge], { description: 'Deliveries with their cursors; at most 100.' })
  async edges(): Promise<Promise<WebhookDeliveryEdge>[]> {
    return inTurns((await this.#slice()).edges);
  }

  @Extensions({ maxItems: limits.pageSize })
  @Field(() => [WebhookDeliveryType], { description: 'Deliveries without their cursors; at most 100.' })
  async nodes(): Promise<Promise<WebhookDeliveryType>[]> {
    return inTurns((await this.#slice()).edges.map(({ node }) => node));
  }

  @Field(() => PageInfo, { description: 'Position of this page.' })
  async pageInfo(): Promise<PageInfo> {
    return (await this.#slice()).pageInfo;
  }
}
