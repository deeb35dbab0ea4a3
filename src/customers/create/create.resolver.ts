import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { callerOf } from '../../auth/auth-context.js';
import { CreateCustomerInput } from './create-customer.input.js';
import { createCustomer } from './create-customer.js';
import { CreateCustomerResult } from './create-customer.result.js';
import { createCustomers } from './create-customers.js';
import { CreateCustomersResult } from './create-customers.result.js';
import { type CustomerContext } from '../customer-context.js';

/** What every create says of its key. */
const KEY_DESCRIPTION =
  'A key of your own for this call, 1 to 255 characters. For 24 hours at least, the same call with the same key gets the first answer again and stores nothing; another input with it is a Conflict. A call that stored nothing does not use its key up.';

/** The root fields that create customers. */
@Resolver()
export class CreateResolver {
  @Mutation(() => CreateCustomerResult, {
    description: 'Stores a customer with its addresses and contacts, all or nothing.',
  })
  createCustomer(
    @Ctx() context: CustomerContext,
    @Arg('input', () => CreateCustomerInput, { description: 'The customer to create.' })
    input: CreateCustomerInput,
    @Arg('idempotencyKey', () => String, { nullable: true, description: KEY_DESCRIPTION })
    idempotencyKey?: string | null,
  ): Promise<typeof CreateCustomerResult> {
    return createCustomer(context.customers, callerOf(context), input, idempotencyKey);
  }

  @Mutation(() => CreateCustomersResult, {
    description:
      'Stores up to 100 customers, each for itself: one that is not valid, or whose email or external id is taken, never undoes another. Counts once against the limit.',
  })
  createCustomers(
    @Ctx() context: CustomerContext,
    @Arg('inputs', () => [CreateCustomerInput], { description: 'The customers to create, at most 100.' })
    inputs: CreateCustomerInput[],
    @Arg('idempotencyKey', () => String, { nullable: true, description: KEY_DESCRIPTION })
    idempotencyKey?: string | null,
  ): Promise<typeof CreateCustomersResult> {
    return createCustomers(context.customers, callerOf(context), inputs, idempotencyKey);
  }
}
