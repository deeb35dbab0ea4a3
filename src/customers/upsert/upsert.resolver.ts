import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { RequiresScope } from '../../auth/requires-scope.js';
import { CreateCustomerInput } from '../create/create-customer.input.js';
import { upsertCustomer } from './upsert-customer.js';
import { CustomerKey, UpsertCustomerResult } from './upsert-customer.result.js';
import { actorOf, type CustomerContext } from '../customer-context.js';

/** Root field that syncs customers from another system. */
@Resolver()
export class UpsertResolver {
  @RequiresScope('customers:write')
  @Mutation(() => UpsertCustomerResult, {
    description:
      'Creates a customer, or updates the existing customer with the same email or external ID. Omitted fields are left unchanged; `null` clears a field; `contacts`, if given, replaces the whole list. Idempotent, including under concurrent calls.',
  })
  upsertCustomer(
    @Ctx() context: CustomerContext,
    @Arg('input', () => CreateCustomerInput, { description: 'The customer to create or update.' })
    input: CreateCustomerInput,
    @Arg('by', () => CustomerKey, {
      description: 'Field that identifies an existing customer.',
    })
    by: CustomerKey,
  ): Promise<typeof UpsertCustomerResult> {
    return upsertCustomer(context.customers, actorOf(context), input, by);
  }
}
