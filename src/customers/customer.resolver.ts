import { GraphQLUUID } from 'graphql-scalars';
import { Arg, Ctx, Mutation, Query, Resolver, UseMiddleware } from 'type-graphql';
import { callerOf, type GatewayContext } from '../graphql/context.js';
import { limitRootField } from '../rate-limit/limit-root-field.js';
import { CreateCustomerInput } from './create-customer.input.js';
import { createCustomer } from './create-customer.js';
import { CreateCustomerResult } from './create-customer.result.js';
import { CustomerType } from './customer.type.js';

/** The root fields about customers. Each acts for the caller's team and counts once against its limit. */
@Resolver()
export class CustomerResolver {
  @UseMiddleware(limitRootField)
  @Mutation(() => CreateCustomerResult, {
    description: 'Stores a customer with its addresses and contacts, all or nothing.',
  })
  createCustomer(
    @Ctx() context: GatewayContext,
    @Arg('input', () => CreateCustomerInput, { description: 'The customer to create.' })
    input: CreateCustomerInput,
  ): Promise<typeof CreateCustomerResult> {
    return createCustomer(context.customers, callerOf(context).teamId, input);
  }

  @UseMiddleware(limitRootField)
  @Query(() => CustomerType, {
    nullable: true,
    description: 'The customer with this id, if the team has one.',
  })
  customer(
    @Ctx() context: GatewayContext,
    @Arg('uuid', () => GraphQLUUID, { description: "The customer's id." }) uuid: string,
  ): Promise<CustomerType | null> {
    return context.customers.find.byUuid(callerOf(context).teamId, uuid);
  }

  @UseMiddleware(limitRootField)
  @Query(() => CustomerType, {
    nullable: true,
    description: 'The customer with exactly this email, without regard to case, if the team has one.',
  })
  customerByEmail(
    @Ctx() context: GatewayContext,
    @Arg('email', () => String, { description: 'The email to look for.' }) email: string,
  ): Promise<CustomerType | null> {
    return context.customers.find.byEmail(callerOf(context).teamId, email);
  }
}
