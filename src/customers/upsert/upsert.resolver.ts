import { Arg, Ctx, Mutation, Resolver, UseMiddleware } from 'type-graphql';
import { acceptOnce } from '../../auth/accept-once.js';
import { callerOf, type GatewayContext } from '../../graphql/context.js';
import { limitRootField } from '../../rate-limit/limit-root-field.js';
import { CreateCustomerInput } from '../create/create-customer.input.js';
import { upsertCustomer } from './upsert-customer.js';
import { CustomerKey, UpsertCustomerResult } from './upsert-customer.result.js';

/** The root field for those who sync customers from another system. */
@Resolver()
export class UpsertResolver {
  @UseMiddleware(acceptOnce, limitRootField)
  @Mutation(() => UpsertCustomerResult, {
    description:
      'Stores a customer, or changes what was sent of the one that has its email or its external id: what is left out stays as it is, null clears, and contacts that are sent take the place of all there are. Sent twice, or twice at once, it does the same as once.',
  })
  upsertCustomer(
    @Ctx() context: GatewayContext,
    @Arg('input', () => CreateCustomerInput, { description: 'The customer.' }) input: CreateCustomerInput,
    @Arg('by', () => CustomerKey, {
      description: 'What tells whether the team has the customer already.',
    })
    by: CustomerKey,
  ): Promise<typeof UpsertCustomerResult> {
    return upsertCustomer(context.customers, callerOf(context).teamId, input, by);
  }
}
