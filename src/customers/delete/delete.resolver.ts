import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { callerOf } from '../../auth/auth-context.js';
import { deleteCustomer, restoreCustomer } from './delete-customer.js';
import { DeleteCustomerResult, RestoreCustomerResult } from './delete-customer.result.js';
import { UuidScalar } from '../../validation/uuid.scalar.js';
import { type CustomerContext } from '../customer-context.js';

/** The root fields that delete customers and bring them back. */
@Resolver()
export class DeleteResolver {
  @Mutation(() => DeleteCustomerResult, {
    description:
      'Deletes a customer: nothing finds it any more, and its email and external id are free. It can be restored.',
  })
  deleteCustomer(
    @Ctx() context: CustomerContext,
    @Arg('uuid', () => UuidScalar, { description: "The customer's id." }) uuid: string,
  ): Promise<typeof DeleteCustomerResult> {
    return deleteCustomer(context.customers, callerOf(context).teamId, uuid);
  }

  @Mutation(() => RestoreCustomerResult, {
    description: 'Brings a deleted customer back, unless another one has its email or external id by now.',
  })
  restoreCustomer(
    @Ctx() context: CustomerContext,
    @Arg('uuid', () => UuidScalar, { description: "The deleted customer's id." }) uuid: string,
  ): Promise<typeof RestoreCustomerResult> {
    return restoreCustomer(context.customers, callerOf(context).teamId, uuid);
  }
}
