import { Args, Ctx, Query, Resolver, UseMiddleware } from 'type-graphql';
import { badUserInput } from '../../validation/bad-user-input.js';
import { callerOf, type GatewayContext } from '../../graphql/context.js';
import { limitRootField } from '../../rate-limit/limit-root-field.js';
import { CustomerConnection } from './customer-connection.js';
import { CustomerPage } from './customer-page.js';
import { checkConnection, checkPage } from './list-rules.js';
import { CustomerConnectionArgs, CustomerPageArgs } from './list.args.js';
import { type ListSource } from './list-source.js';

/** The root fields that list customers. */
@Resolver()
export class ListResolver {
  @UseMiddleware(limitRootField)
  @Query(() => CustomerPage, {
    description: "A page of the team's customers. To go through many, `customersConnection` is faster.",
  })
  customers(
    @Ctx() context: GatewayContext,
    @Args(() => CustomerPageArgs) args: CustomerPageArgs,
  ): CustomerPage {
    const checked = checkPage(args);
    if ('errors' in checked) throw badUserInput(checked.errors);
    return new CustomerPage(sourceOf(context), checked);
  }

  @UseMiddleware(limitRootField)
  @Query(() => CustomerConnection, {
    description: "A stretch of the team's customers, from a cursor on or back.",
  })
  customersConnection(
    @Ctx() context: GatewayContext,
    @Args(() => CustomerConnectionArgs) args: CustomerConnectionArgs,
  ): CustomerConnection {
    const checked = checkConnection(args);
    if ('errors' in checked) throw badUserInput(checked.errors);
    return new CustomerConnection(sourceOf(context), checked);
  }
}

const sourceOf = (context: GatewayContext): ListSource => ({
  list: context.customers.list,
  teamId: callerOf(context).teamId,
  response: context.response,
  turn: context.heavyTurn,
});
