import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { RequiresScope } from '../../auth/requires-scope.js';
import { deleteCustomer, restoreCustomer } from './delete-customer.js';
import { DeleteCustomerResult, RestoreCustomerResult } from './delete-customer.result.js';
import { UuidScalar } from '../../validation/uuid.scalar.js';
import { actorOf, type CustomerContext } from '../customer-context.js';

/** Root fields that delete and restore customers. */
@Resolver()
export class DeleteResolver {
  @RequiresScope('customers:delete')
  @Mutation(() => DeleteCustomerResult, {
    description:
      'Soft-deletes a customer. Queries no longer return it, and its email and external ID can be reused. `restoreCustomer` restores it.',
  })
  deleteCustomer(
    @Ctx() context: CustomerContext,
    @Arg('uuid', () => UuidScalar, { description: "The customer's ID." }) uuid: string,
  ): Promise<typeof DeleteCustomerResult> {
    return deleteCustomer(context.customers, actorOf(context), uuid);
  }

  @RequiresScope('customers:delete')
  @Mutation(() => RestoreCustomerResult, {
    description:
      'Restores a deleted customer. Returns a `Conflict` if another customer now has its email or external ID.',
  })
  restoreCustomer(
    @Ctx() context: CustomerContext,
    @Arg('uuid', () => UuidScalar, { description: "The deleted customer's ID." }) uuid: string,
  ): Promise<typeof RestoreCustomerResult> {
    return restoreCustomer(context.customers, actorOf(context), uuid);
  }
}
