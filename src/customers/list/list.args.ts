import { ArgsType, Field, Int } from 'type-graphql';
import { limits } from '../limits.js';
import { CustomerFilterInput, SEARCH_DESCRIPTION } from './customer-filter.input.js';
import { CustomerOrderField, CustomerOrderInput, OrderDirection } from './customer-order.js';

/** Arguments of `customers`. */
@ArgsType()
export class CustomerPageArgs {
  @Field(() => String, { nullable: true, description: SEARCH_DESCRIPTION })
  search?: string | null;

  @Field(() => Int, { nullable: true, defaultValue: 1, description: `Page number, 1 to ${limits.page}.` })
  page?: number | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: limits.defaultPageSize,
    description: `Customers per page, 1 to ${limits.pageSize}.`,
  })
  limit?: number | null;

  @Field(() => CustomerOrderField, {
    nullable: true,
    defaultValue: CustomerOrderField.CUSTOMER,
    description: 'Field to sort by.',
  })
  orderBy?: CustomerOrderField | null;

  @Field(() => OrderDirection, {
    nullable: true,
    defaultValue: OrderDirection.ASC,
    description: 'Sort direction.',
  })
  orderDirection?: OrderDirection | null;
}

/** Arguments of `customersConnection`. */
@ArgsType()
export class CustomerConnectionArgs {
  @Field(() => Int, {
    nullable: true,
    description: `Number of customers from the start, 1 to ${limits.pageSize}. Defaults to ${limits.defaultPageSize} if neither \`first\` nor \`last\` is given.`,
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Returns customers after this cursor.' })
  after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: `Number of customers from the end, 1 to ${limits.pageSize}. Cannot be combined with \`first\`.`,
  })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Returns customers before this cursor.' })
  before?: string | null;

  @Field(() => CustomerFilterInput, {
    nullable: true,
    description: 'Filters. By default, all customers are returned.',
  })
  filter?: CustomerFilterInput | null;

  @Field(() => CustomerOrderInput, {
    nullable: true,
    description: 'Sort order. Defaults to name, ascending.',
  })
  orderBy?: CustomerOrderInput | null;
}
