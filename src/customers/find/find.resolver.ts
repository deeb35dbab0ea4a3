import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { callerOf } from '../../auth/auth-context.js';
import { RequiresScope } from '../../auth/requires-scope.js';
import { CustomerType } from '../customer.type.js';
import { UuidScalar } from '../../validation/uuid.scalar.js';
import { type CustomerContext } from '../customer-context.js';

/** Root fields that find one customer. */
@Resolver()
export class FindResolver {
  @RequiresScope('customers:read')
  @Query(() => CustomerType, {
    nullable: true,
    description: 'Returns the customer with this ID, or `null`.',
  })
  customer(
    @Ctx() context: CustomerContext,
    @Arg('uuid', () => UuidScalar, { description: "The customer's ID." }) uuid: string,
  ): Promise<CustomerType | null> {
    return context.customers.findById(callerOf(context).teamId, uuid);
  }

  @RequiresScope('customers:read')
  @Query(() => CustomerType, {
    nullable: true,
    description: 'Returns the customer with exactly this email, ignoring case, or `null`.',
  })
  customerByEmail(
    @Ctx() context: CustomerContext,
    @Arg('email', () => String, { description: 'Email to find; not case-sensitive.' }) email: string,
  ): Promise<CustomerType | null> {
    return context.customers.findByEmail(callerOf(context).teamId, email);
  }

  @RequiresScope('customers:read')
  @Query(() => CustomerType, {
    nullable: true,
    description: 'Returns the customer with exactly this external ID, or `null`.',
  })
  customerByExternalId(
    @Ctx() context: CustomerContext,
    @Arg('externalId', () => String, { description: 'External ID to find; case-sensitive.' })
    externalId: string,
  ): Promise<CustomerType | null> {
    return context.customers.findByExternalId(callerOf(context).teamId, externalId);
  }
}
