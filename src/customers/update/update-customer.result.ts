import { createUnionType, Field, ObjectType } from 'type-graphql';
import { RateLimited } from '../../rate-limit/rate-limited.type.js';
import { ValidationError } from '../../validation/validation-error.type.js';
import { Conflict } from '../conflict.type.js';
import { CustomerType } from '../customer.type.js';
import { NotFound } from '../not-found.type.js';

@ObjectType({ simpleResolvers: true, description: 'The customer was changed.' })
export class Updated {
  @Field(() => String, { description: 'Always "success".' })
  readonly status: string = 'success';

  @Field(() => String, { description: 'What was done, for people.' })
  readonly message: string = 'Customer updated.';

  @Field(() => CustomerType, { description: 'The customer as it is now.' })
  readonly data: CustomerType;

  constructor(data: CustomerType) {
    this.data = data;
  }
}

/** Every way an `updateCustomer` can end, once its caller is known. */
export const UpdateCustomerResult = createUnionType({
  name: 'UpdateCustomerResult',
  description: 'Every way an `updateCustomer` can end, once its caller is known.',
  types: () => [Updated, ValidationError, NotFound, Conflict, RateLimited] as const,
});
