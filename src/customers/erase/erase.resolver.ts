import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { RequiresScope } from '../../auth/requires-scope.js';
import { UuidScalar } from '../../validation/uuid.scalar.js';
import { actorOf, type CustomerContext } from '../customer-context.js';
import { NotFound } from '../not-found.type.js';
import { Erased, EraseCustomerResult } from './erase-customer.result.js';

/** Root field that erases customers. */
@Resolver()
export class EraseResolver {
  @RequiresScope('customers:delete')
  @Mutation(() => EraseCustomerResult, {
    description:
      "Erases a customer's personal data, also from its events: the right to erasure of the GDPR, article 17. The customer may be deleted already. It cannot be restored. Idempotent: a repeated call returns the same receipt.",
  })
  async eraseCustomer(
    @Ctx() { customers, ...context }: CustomerContext,
    @Arg('uuid', () => UuidScalar, { description: "The customer's ID." }) uuid: string,
  ): Promise<typeof EraseCustomerResult> {
    const receipt = await customers.erase(actorOf(context), uuid);
    return receipt ? new Erased(receipt) : new NotFound(uuid);
  }
}
