import { createUnionType, ObjectType } from 'type-graphql';
import { RateLimited } from '../../rate-limit/rate-limited.type.js';
import { Conflict } from '../conflict.type.js';
import { NotFound } from '../not-found.type.js';
import { CustomerSuccess } from '../success.type.js';

@ObjectType({
  simpleResolvers: true,
  description:
    'The customer was soft-deleted. Queries no longer return it, and its email and external ID can be reused. `restoreCustomer` restores it.',
})
export class Deleted extends CustomerSuccess {
  readonly message = 'Customer deleted.';
}

@ObjectType({
  simpleResolvers: true,
  description: 'The customer was restored, with its addresses and contacts.',
})
export class Restored extends CustomerSuccess {
  readonly message = 'Customer restored.';
}

/** Result of `deleteCustomer`. */
export const DeleteCustomerResult = createUnionType({
  name: 'DeleteCustomerResult',
  description: 'Result of `deleteCustomer`.',
  types: () => [Deleted, NotFound, RateLimited] as const,
});

/** Result of `restoreCustomer`. */
export const RestoreCustomerResult = createUnionType({
  name: 'RestoreCustomerResult',
  description: 'Result of `restoreCustomer`.',
  types: () => [Restored, NotFound, Conflict, RateLimited] as const,
});
