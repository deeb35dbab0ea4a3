import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { badUserInput } from '../../validation/bad-user-input.js';
import { callerOf } from '../../auth/auth-context.js';
import { RequiresScope } from '../../auth/requires-scope.js';
import { CustomerConnection } from './customer-connection.js';
import { CustomerPage } from './customer-page.js';
import { checkConnection, checkPage } from './list-rules.js';
import { CustomerConnectionArgs, CustomerPageArgs } from './list.args.js';
import { type ListSource } from './list-source.js';
import { type CustomerContext } from '../customer-context.js';

/** Root fields that list customers. */
@Resolver()
export class ListResolver {
  @RequiresScope('customers:read')
  @Query(() => CustomerPage, {
    description:
      "Returns a page of the team's customers, by page number. To read many pages, `customersConnection` is faster.",
  })
  customers(
    @Ctx() context: CustomerContext,
    @Args(() => CustomerPageArgs) args: CustomerPageArgs,
  ): CustomerPage {
    const checked = checkPage(args);
    if ('errors' in checked) throw badUserInput(checked.errors);
    return new CustomerPage(sourceOf(context), checked);
  }

  @RequiresScope('customers:read', { 'filter.deleted': 'customers:delete' })
  @Query(() => CustomerConnection, {
    description: "Returns a page of the team's customers, by cursor.",
  })
  customersConnection(
    @Ctx() context: CustomerContext,
    @Args(() => CustomerConnectionArgs) args: CustomerConnectionArgs,
  ): CustomerConnection {
    const checked = checkConnection(args);
    if ('errors' in checked) throw badUserInput(checked.errors);
    return new CustomerConnection(sourceOf(context), checked);
  }
}

const sourceOf = (context: CustomerContext): ListSource => ({
  customers: context.customers,
  teamId: callerOf(context).teamId,
  response: context.response,
  turn: context.heavyTurn,
});
