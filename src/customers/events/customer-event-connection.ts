import { Extensions, Field, ObjectType } from 'type-graphql';
import { inTurns } from '../../concurrency/in-turns.js';
import { limits } from '../limits.js';
import { PageInfo } from '../list/customer-connection.js';
import { once } from '../list/once.js';
import { CustomerEventEdge, CustomerEventObject } from './customer-event.type.js';

/** A page of events, read when one of its fields is selected. */
export interface EventSlice {
  readonly edges: readonly CustomerEventEdge[];
  readonly pageInfo: PageInfo;
}

@ObjectType({
  simpleResolvers: true,
  description: 'A page of events, as defined by the Relay Cursor Connections specification.',
})
export class CustomerEventConnection {
  readonly #slice: () => Promise<EventSlice>;

  constructor(read: () => Promise<EventSlice>) {
    this.#slice = once(read);
  }

  @Extensions({ maxItems: limits.pageSize })
  @Field(() => [CustomerEventEdge], { description: 'Events with their cursors; at most 100.' })
  async edges(): Promise<Promise<CustomerEventEdge>[]> {
    return inTurns((await this.#slice()).edges);
  }

  @Extensions({ maxItems: limits.pageSize })
  @Field(() => [CustomerEventObject], { description: 'Events without their cursors; at most 100.' })
  async nodes(): Promise<Promise<CustomerEventObject>[]> {
    return inTurns((await this.#slice()).edges.map(({ node }) => node));
  }

  @Field(() => PageInfo, {
    description:
      'Position of this page. In `customerEvents`, `endCursor` is where the next page begins, even if this page is empty.',
  })
  async pageInfo(): Promise<PageInfo> {
    return (await this.#slice()).pageInfo;
  }
}
