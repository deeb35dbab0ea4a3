import { createUnionType, Field, ObjectType } from 'type-graphql';
import { RateLimited } from '../../rate-limit/rate-limited.type.js';
import { Conflict } from '../conflict.type.js';
import { CustomerType } from '../customer.type.js';
import { NotFound } from '../not-found.type.js';

@ObjectType({
  simpleResolvers: true,
  description: 'The customer was deleted: nothing finds it, and its email and external id are free.',
})
export class Deleted {
  @Field(() => String, { description: 'Always "success".' })
  readonly status: string = 'success';

  @Field(() => String, { description: 'What was done, for people.' })
  readonly message: string = 'Customer deleted.';

  @Field(() => CustomerType, { description: 'The customer as it was. `restoreCustomer` brings it back.' })
  readonly data: CustomerType;

  constructor(data: CustomerType) {
    this.data = data;
  }
}

@ObjectType({ simpleResolvers: true, description: 'The customer is back, with its addresses and contacts.' })
export class Restored {
  @Field(() => String, { description: 'Always "success".' })
  readonly status: string = 'success';

  @Field(() => String, { description: 'What was done, for people.' })
  readonly message: string = 'Customer restored.';

  @Field(() => CustomerType, { description: 'The customer as it is now.' })
  readonly data: CustomerType;

  constructor(data: CustomerType) {
    this.data = data;
  }
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
