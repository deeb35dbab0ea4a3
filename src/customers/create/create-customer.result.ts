import { createUnionType, Field, ObjectType } from 'type-graphql';
import { RateLimited } from '../../rate-limit/rate-limited.type.js';
import { ValidationError } from '../../validation/validation-error.type.js';
import { Conflict } from '../conflict.type.js';
import { type CustomerType } from '../customer.type.js';
import { CustomerSuccess } from '../success.type.js';

@ObjectType({
  simpleResolvers: true,
  description: 'The customer was created, with its addresses and contacts.',
})
export class Created extends CustomerSuccess {
  readonly message = 'Customer created.';

  @Field(() => Boolean, {
    description: 'Whether this is the result of an earlier request with the same idempotency key.',
  })
  readonly replayed: boolean;

  constructor(data: CustomerType, { replayed } = { replayed: false }) {
    super(data);
    this.replayed = replayed;
  }
}

/** Result of `createCustomer`. */
export const CreateCustomerResult = createUnionType({
  name: 'CreateCustomerResult',
  description: 'Result of `createCustomer`.',
  types: () => [Created, ValidationError, Conflict, RateLimited] as const,
});
