import { createUnionType, ObjectType } from 'type-graphql';
import { RateLimited } from '../../rate-limit/rate-limited.type.js';
import { ValidationError } from '../../validation/validation-error.type.js';
import { Conflict } from '../conflict.type.js';
import { NotFound } from '../not-found.type.js';
import { CustomerSuccess } from '../success.type.js';

@ObjectType({ simpleResolvers: true, description: 'The customer was updated.' })
export class Updated extends CustomerSuccess {
  readonly message = 'Customer updated.';
}

/** Result of `updateCustomer`. */
export const UpdateCustomerResult = createUnionType({
  name: 'UpdateCustomerResult',
  description: 'Result of `updateCustomer`.',
  types: () => [Updated, ValidationError, NotFound, Conflict, RateLimited] as const,
});
