import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { RequiresScope } from '../../auth/requires-scope.js';
import { CreateCustomerInput } from './create-customer.input.js';
import { createCustomer } from './create-customer.js';
import { CreateCustomerResult } from './create-customer.result.js';
import { createCustomers } from './create-customers.js';
import { CreateCustomersResult } from './create-customers.result.js';
import { actorOf, type CustomerContext } from '../customer-context.js';

/** Shared by every `idempotencyKey` argument. */
const KEY_DESCRIPTION =
  'Idempotency key, 1 to 255 characters. For at least 24 hours, repeating the request with the same key and input returns the original result without creating anything. Reusing the key with a different input returns a `Conflict`. A request that creates nothing does not consume its key.';

/** Root fields that create customers. */
@Resolver()
export class CreateResolver {
  @RequiresScope('customers:write')
  @Mutation(() => CreateCustomerResult, {
    description: 'Creates a customer with its addresses and contacts in one transaction.',
  })
  createCustomer(
    @Ctx() context: CustomerContext,
    @Arg('input', () => CreateCustomerInput, { description: 'The customer to create.' })
    input: CreateCustomerInput,
    @Arg('idempotencyKey', () => String, { nullable: true, description: KEY_DESCRIPTION })
    idempotencyKey?: string | null,
  ): Promise<typeof CreateCustomerResult> {
    return createCustomer(context.customers, actorOf(context), input, idempotencyKey);
  }

  @RequiresScope('customers:write')
  @Mutation(() => CreateCustomersResult, {
    description:
      'Creates up to 100 customers. Each row is processed independently: an invalid row, or one whose email or external ID is taken, does not affect the others. Counts as one root field against the rate limit.',
  })
  createCustomers(
    @Ctx() context: CustomerContext,
    @Arg('inputs', () => [CreateCustomerInput], { description: 'Customers to create, at most 100.' })
    inputs: CreateCustomerInput[],
    @Arg('idempotencyKey', () => String, { nullable: true, description: KEY_DESCRIPTION })
    idempotencyKey?: string | null,
  ): Promise<typeof CreateCustomersResult> {
    return createCustomers(context.customers, actorOf(context), inputs, idempotencyKey);
  }
}
