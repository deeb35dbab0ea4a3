import { Extensions, Field, Int, ObjectType } from 'type-graphql';
import { inTurns } from '../../concurrency/in-turns.js';
import { CustomerType } from '../customer.type.js';
import { limits } from '../limits.js';
import { encodeCursor } from './cursor.js';
import { OrderDirection } from './customer-order.js';
import { once } from './once.js';
import { type ConnectionRequest } from './list-rules.js';
import { type ListSource } from './list-source.js';
import { type PlacedCustomer, type PageQuery } from './select-customers.js';

@ObjectType({ simpleResolvers: true, description: 'Where a stretch of a list stands in the whole.' })
export class PageInfo {
  @Field(() => Boolean, {
    description: 'Whether there are more after it. With `last`: whether `before` was given.',
  })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, {
    description: 'Whether there are more before it. With `first`: whether `after` was given.',
  })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the first edge; null when there is none.',
  })
  readonly startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the last edge; null when there is none.',
  })
  readonly endCursor!: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'A customer in a list, and its place there.' })
export class CustomerEdge {
  @Field(() => String, {
    description:
      'The place, for `after` and `before` in the same order. It holds while customers come, go and change.',
  })
  readonly cursor!: string;

  @Field(() => CustomerType, { description: 'The customer.' })
  readonly node!: CustomerType;
}

interface Slice {
  readonly edges: readonly CustomerEdge[];
  readonly pageInfo: PageInfo;
}

@ObjectType({
  simpleResolvers: true,
  description:
    'A stretch of a list of customers, after the Relay cursor connections specification. The total is counted only when it is asked for.',
})
export class CustomerConnection {
  readonly #slice: () => Promise<Slice>;
  readonly #count: () => Promise<number>;

  constructor(source: ListSource, request: ConnectionRequest) {
    this.#slice = once(() => readSlice(source, request));
    this.#count = once(async () => {
      await source.turn.take();
      return source.customers.count(source.teamId, request.filter);
    });
  }

  @Extensions({ maxItems: limits.pageSize })
  @Field(() => [CustomerEdge], {
    description: 'The customers with their cursors, in the order asked for; at most 100.',
  })
  async edges(): Promise<Promise<CustomerEdge>[]> {
    return inTurns((await this.#slice()).edges);
  }

  @Extensions({ maxItems: limits.pageSize })
  @Field(() => [CustomerType], { description: 'The customers alone; at most 100.' })
  async nodes(): Promise<Promise<CustomerType>[]> {
    return inTurns((await this.#slice()).edges.map(({ node }) => node));
  }

  @Field(() => PageInfo, { description: 'Where the stretch stands in the whole list.' })
  async pageInfo(): Promise<PageInfo> {
    return (await this.#slice()).pageInfo;
  }

  @Field(() => Int, { description: 'Customers in the whole list.' })
  totalCount(): Promise<number> {
    return this.#count();
  }
}

/** Reads one customer more than requested, to know whether there are more. */
async function readSlice(
  { customers, teamId, response, turn }: ListSource,
  { filter, query, fromEnd }: ConnectionRequest,
): Promise<Slice> {
  const directed = fromEnd ? reversed(query) : query;
  await turn.take();
  const wanted = { ...directed, limit: query.limit + 1 };
  const found = await customers.list(teamId, filter, wanted, response.rowsLimit);
  response.addRows(found);
  const hasMore = found.length > query.limit;
  const kept = found.slice(0, query.limit);
  const edges = (fromEnd ? kept.toReversed() : kept).map(({ customer, position }: PlacedCustomer) => ({
    cursor: encodeCursor(query.field, position),
    node: customer,
  }));
  return {
    edges,
    pageInfo: {
      hasNextPage: fromEnd ? query.before !== undefined : hasMore,
      hasPreviousPage: fromEnd ? hasMore : query.after !== undefined,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/** The same places, read from the other end. */
function reversed(query: PageQuery): PageQuery {
  return {
    ...query,
    direction: query.direction === OrderDirection.ASC ? OrderDirection.DESC : OrderDirection.ASC,
    after: query.before,
    before: query.after,
  };
}
