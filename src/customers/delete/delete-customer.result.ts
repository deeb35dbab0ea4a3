import { createUnionType, ObjectType } from 'type-graphql';
import { RateLimited } from '../../rate-limit/rate-limited.type.js';
import { Conflict } from '../conflict.type.js';
import { NotFound } from '../not-found.type.js';
import { CustomerSuccess } from '../success.type.js';

@ObjectType({
  simpleResolvers: true,
  description:
    'The customer was deleted: nothing finds it, and its email and external id are free. `restoreCustomer` brings it back.',
})
export class Deleted extends CustomerSuccess {
  readonly message = 'Customer deleted.';
}

@ObjectType({ simpleResolvers: true, description: 'The customer is back, with its addresses and contacts.' })
export class Restored extends CustomerSuccess {
  readonly message = 'Customer restored.';
}

/** Every way a `deleteCustomer` can end, once its caller is known. */
export const DeleteCustomerResult = createUnionType({
  name: 'DeleteCustomerResult',
  description: 'Every way a `deleteCustomer` can end, once its caller is known.',
  types: () => [Deleted, NotFound, RateLimited] as const,
});

/** Every way a `restoreCustomer` can end, once its caller is known. */
export const RestoreCustomerResult = createUnionType({
  name: 'RestoreCustomerResult',
  description: 'Every way a `restoreCustomer` can end, once its caller is known.',
  types: () => [Restored, NotFound, Conflict, RateLimited] as const,
});
