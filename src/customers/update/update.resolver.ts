import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { callerOf } from '../../auth/auth-context.js';
import { UpdateCustomerInput, UpdateCustomersItemInput } from './update-customer.input.js';
import { updateCustomer, updateCustomers } from './update-customer.js';
import { UpdateCustomerResult } from './update-customer.result.js';
import { UpdateCustomersResult } from './update-customers.result.js';
import { UuidScalar } from '../../validation/uuid.scalar.js';
import { type CustomerContext } from '../customer-context.js';

/** The root fields that change customers. */
@Resolver()
export class UpdateResolver {
  @Mutation(() => UpdateCustomerResult, {
    description: 'Changes what was sent of a customer and of its contacts, all or nothing.',
  })
  updateCustomer(
    @Ctx() context: CustomerContext,
    @Arg('uuid', () => UuidScalar, { description: "The customer's id." }) uuid: string,
    @Arg('input', () => UpdateCustomerInput, { description: 'What to change.' }) input: UpdateCustomerInput,
  ): Promise<typeof UpdateCustomerResult> {
    return updateCustomer(context.customers, callerOf(context).teamId, uuid, input, context.response);
  }

  @Mutation(() => UpdateCustomersResult, {
    description:
      'Changes up to 100 customers, each for itself: one that cannot be changed never undoes another. An email or external id that another customer has when the call arrives is a conflict, even if a row gives it up. Counts once against the limit.',
  })
  updateCustomers(
    @Ctx() context: CustomerContext,
    @Arg('inputs', () => [UpdateCustomersItemInput], {
      description: 'The customers and what to change of them, at most 100.',
    })
    inputs: UpdateCustomersItemInput[],
  ): Promise<typeof UpdateCustomersResult> {
    return updateCustomers(context.customers, callerOf(context).teamId, inputs, context.response);
  }
}
