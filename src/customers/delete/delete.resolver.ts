import { Arg, Ctx, Mutation, Resolver, UseMiddleware } from 'type-graphql';
import { acceptOnce } from '../../auth/accept-once.js';
import { callerOf, type GatewayContext } from '../../graphql/context.js';
import { limitRootField } from '../../rate-limit/limit-root-field.js';
import { deleteCustomer, restoreCustomer } from './delete-customer.js';
import { DeleteCustomerResult, RestoreCustomerResult } from './delete-customer.result.js';
import { UuidScalar } from '../../validation/uuid.scalar.js';

/** The root fields that delete customers and bring them back. */
@Resolver()
export class DeleteResolver {
  @UseMiddleware(acceptOnce, limitRootField)
  @Mutation(() => DeleteCustomerResult, {
    description:
      'Deletes a customer: nothing finds it any more, and its email and external id are free. It can be restored.',
  })
  deleteCustomer(
    @Ctx() context: GatewayContext,
    @Arg('uuid', () => UuidScalar, { description: "The customer's id." }) uuid: string,
  ): Promise<typeof DeleteCustomerResult> {
    return deleteCustomer(context.customers, callerOf(context).teamId, uuid);
  }

  @UseMiddleware(acceptOnce, limitRootField)
  @Mutation(() => RestoreCustomerResult, {
    description: 'Brings a deleted customer back, unless another one has its email or external id by now.',
  })
  restoreCustomer(
    @Ctx() context: GatewayContext,
    @Arg('uuid', () => UuidScalar, { description: "The deleted customer's id." }) uuid: string,
  ): Promise<typeof RestoreCustomerResult> {
    return restoreCustomer(context.customers, callerOf(context).teamId, uuid);
  }
}
