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

@ObjectType({ simpleResolvers: true, description: 'Position of a page in the list.' })
export class PageInfo {
  @Field(() => Boolean, {
    description: 'Whether more customers follow this page. With `last`: whether `before` was given.',
  })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, {
    description: 'Whether more customers precede this page. With `first`: whether `after` was given.',
  })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the first edge, or `null` if the page is empty.',
  })
  readonly startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last edge, or `null` if the page is empty.',
  })
  readonly endCursor!: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'A customer in a list, with its cursor.' })
export class CustomerEdge {
  @Field(() => String, {
    description:
      'Cursor for `after` and `before`, valid with the same sort order. It remains valid when customers are created, updated or deleted.',
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
    'A page of customers, as defined by the Relay Cursor Connections specification. `totalCount` is computed only if selected.',
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
    description: 'Customers with their cursors, in the requested order; at most 100.',
  })
  async edges(): Promise<Promise<CustomerEdge>[]> {
    return inTurns((await this.#slice()).edges);
  }

  @Extensions({ maxItems: limits.pageSize })
  @Field(() => [CustomerType], { description: 'Customers without their cursors; at most 100.' })
  async nodes(): Promise<Promise<CustomerType>[]> {
    return inTurns((await this.#slice()).edges.map(({ node }) => node));
  }

  @Field(() => PageInfo, { description: 'Position of this page in the list.' })
  async pageInfo(): Promise<PageInfo> {
    return (await this.#slice()).pageInfo;
  }

  @Field(() => Int, { description: 'Number of customers in the whole list.' })
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
