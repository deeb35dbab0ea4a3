import { createUnionType, ObjectType } from 'type-graphql';
import { RateLimited } from '../../rate-limit/rate-limited.type.js';
import { ValidationError } from '../../validation/validation-error.type.js';
import { Conflict } from '../conflict.type.js';
import { NotFound } from '../not-found.type.js';
import { CustomerSuccess } from '../success.type.js';

@ObjectType({ simpleResolvers: true, description: 'The customer was changed.' })
export class Updated extends CustomerSuccess {
  readonly message = 'Customer updated.';
}

/** Every way an `updateCustomer` can end, once its caller is known. */
export const UpdateCustomerResult = createUnionType({
  name: 'UpdateCustomerResult',
  description: 'Every way an `updateCustomer` can end, once its caller is known.',
  types: () => [Updated, ValidationError, NotFound, Conflict, RateLimited] as const,
});
