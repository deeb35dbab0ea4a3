import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { RequiresScope } from '../../auth/requires-scope.js';
import { UpdateCustomerInput, UpdateCustomersItemInput } from './update-customer.input.js';
import { updateCustomer, updateCustomers } from './update-customer.js';
import { UpdateCustomerResult } from './update-customer.result.js';
import { UpdateCustomersResult } from './update-customers.result.js';
import { UuidScalar } from '../../validation/uuid.scalar.js';
import { actorOf, type CustomerContext } from '../customer-context.js';

/** Root fields that update customers. */
@Resolver()
export class UpdateResolver {
  @RequiresScope('customers:write')
  @Mutation(() => UpdateCustomerResult, {
    description: 'Updates a customer and its contacts in one transaction. Omitted fields are left unchanged.',
  })
  updateCustomer(
    @Ctx() context: CustomerContext,
    @Arg('uuid', () => UuidScalar, { description: "The customer's ID." }) uuid: string,
    @Arg('input', () => UpdateCustomerInput, { description: 'Fields to update.' }) input: UpdateCustomerInput,
  ): Promise<typeof UpdateCustomerResult> {
    return updateCustomer(context.customers, actorOf(context), uuid, input, context.response);
  }

  @RequiresScope('customers:write')
  @Mutation(() => UpdateCustomersResult, {
    description:
      'Updates up to 100 customers. Each row is processed independently: a row that fails does not affect the others. A row that takes the email or external ID of another customer returns a `Conflict`, even if another row of the same request releases it. Counts as one root field against the rate limit.',
  })
  updateCustomers(
    @Ctx() context: CustomerContext,
    @Arg('inputs', () => [UpdateCustomersItemInput], {
      description: 'Customers to update, at most 100.',
    })
    inputs: UpdateCustomersItemInput[],
  ): Promise<typeof UpdateCustomersResult> {
    return updateCustomers(context.customers, actorOf(context), inputs, context.response);
  }
}
