import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { callerOf } from '../../auth/auth-context.js';
import { CreateCustomerInput } from '../create/create-customer.input.js';
import { upsertCustomer } from './upsert-customer.js';
import { CustomerKey, UpsertCustomerResult } from './upsert-customer.result.js';
import { type CustomerContext } from '../customer-context.js';

/** The root field for those who sync customers from another system. */
@Resolver()
export class UpsertResolver {
  @Mutation(() => UpsertCustomerResult, {
    description:
      'Stores a customer, or changes what was sent of the one that has its email or its external id: what is left out stays as it is, null clears, and contacts that are sent take the place of all there are. Sent twice, or twice at once, it does the same as once.',
  })
  upsertCustomer(
    @Ctx() context: CustomerContext,
    @Arg('input', () => CreateCustomerInput, { description: 'The customer.' }) input: CreateCustomerInput,
    @Arg('by', () => CustomerKey, {
      description: 'What tells whether the team has the customer already.',
    })
    by: CustomerKey,
  ): Promise<typeof UpsertCustomerResult> {
    return upsertCustomer(context.customers, callerOf(context).teamId, input, by);
  }
}
