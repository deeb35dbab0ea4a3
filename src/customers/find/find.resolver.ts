import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import { callerOf } from '../../auth/auth-context.js';
import { CustomerType } from '../customer.type.js';
import { UuidScalar } from '../../validation/uuid.scalar.js';
import { type CustomerContext } from '../customer-context.js';

/** The root fields that find one customer. */
@Resolver()
export class FindResolver {
  @Query(() => CustomerType, {
    nullable: true,
    description: 'The customer with this id, if the team has one.',
  })
  customer(
    @Ctx() context: CustomerContext,
    @Arg('uuid', () => UuidScalar, { description: "The customer's id." }) uuid: string,
  ): Promise<CustomerType | null> {
    return context.customers.findById(callerOf(context).teamId, uuid);
  }

  @Query(() => CustomerType, {
    nullable: true,
    description: 'The customer with exactly this email, without regard to case, if the team has one.',
  })
  customerByEmail(
    @Ctx() context: CustomerContext,
    @Arg('email', () => String, { description: 'The email to look for.' }) email: string,
  ): Promise<CustomerType | null> {
    return context.customers.findByEmail(callerOf(context).teamId, email);
  }

  @Query(() => CustomerType, {
    nullable: true,
    description: 'The customer with exactly this external id, if the team has one.',
  })
  customerByExternalId(
    @Ctx() context: CustomerContext,
    @Arg('externalId', () => String, { description: 'The external id to look for; case counts.' })
    externalId: string,
  ): Promise<CustomerType | null> {
    return context.customers.findByExternalId(callerOf(context).teamId, externalId);
  }
}
