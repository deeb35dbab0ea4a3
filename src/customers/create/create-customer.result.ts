import { createUnionType, Field, ObjectType } from 'type-graphql';
import { RateLimited } from '../../rate-limit/rate-limited.type.js';
import { Conflict } from '../conflict.type.js';
import { CustomerType } from '../customer.type.js';
import { ValidationError } from '../../validation/validation-error.type.js';

@ObjectType({
  simpleResolvers: true,
  description: 'The customer was stored, with its addresses and contacts.',
})
export class Created {
  @Field(() => String, { description: 'Always "success".' })
  readonly status: string = 'success';

  @Field(() => String, { description: 'What was done, for people.' })
  readonly message: string = 'Customer created.';

  @Field(() => CustomerType, { description: 'The customer as it was stored.' })
  readonly data: CustomerType;

  @Field(() => Boolean, {
    description: 'Whether this is the answer to an earlier call with the same idempotency key.',
  })
  readonly replayed: boolean;

  constructor(data: CustomerType, { replayed } = { replayed: false }) {
    this.data = data;
    this.replayed = replayed;
  }
}

/** Every way a `createCustomer` can end, once its caller is known. */
export const CreateCustomerResult = createUnionType({
  name: 'CreateCustomerResult',
  description: 'Every way a `createCustomer` can end, once its caller is known.',
  types: () => [Created, ValidationError, Conflict, RateLimited] as const,
});
