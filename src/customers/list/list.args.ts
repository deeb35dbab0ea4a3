import { ArgsType, Field, Int } from 'type-graphql';
import { limits } from '../limits.js';
import { CustomerFilterInput, SEARCH_DESCRIPTION } from './customer-filter.input.js';
import { CustomerOrderField, CustomerOrderInput, OrderDirection } from './customer-order.js';

/** Arguments of `customers`. */
@ArgsType()
export class CustomerPageArgs {
  @Field(() => String, { nullable: true, description: SEARCH_DESCRIPTION })
  search?: string | null;

  @Field(() => Int, { nullable: true, defaultValue: 1, description: `Which page, from 1 to ${limits.page}.` })
  page?: number | null;

  @Field(() => Int, {
    nullable: true,
    defaultValue: limits.defaultPageSize,
    description: `Customers on a page, from 1 to ${limits.pageSize}.`,
  })
  limit?: number | null;

  @Field(() => CustomerOrderField, {
    nullable: true,
    defaultValue: CustomerOrderField.CUSTOMER,
    description: 'What to put them in order by.',
  })
  orderBy?: CustomerOrderField | null;

  @Field(() => OrderDirection, {
    nullable: true,
    defaultValue: OrderDirection.ASC,
    description: 'Which way the order runs.',
  })
  orderDirection?: OrderDirection | null;
}

/** Arguments of `customersConnection`. */
@ArgsType()
export class CustomerConnectionArgs {
  @Field(() => Int, {
    nullable: true,
    description: `How many from the start, 1 to ${limits.pageSize}; ${limits.defaultPageSize} unless \`first\` or \`last\` is given.`,
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Only those after this cursor.' })
  after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: `How many from the end, 1 to ${limits.pageSize}; not with \`first\`.`,
  })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Only those before this cursor.' })
  before?: string | null;

  @Field(() => CustomerFilterInput, { nullable: true, description: 'Which customers; all by default.' })
  filter?: CustomerFilterInput | null;

  @Field(() => CustomerOrderInput, {
    nullable: true,
    description: 'Their order; by name, ascending, by default.',
  })
  orderBy?: CustomerOrderInput | null;
}
