import { createUnionType, Extensions, Field, ObjectType } from 'type-graphql';
import { inTurns } from '../../concurrency/in-turns.js';
import { RateLimited } from '../../rate-limit/rate-limited.type.js';
import { ValidationError } from '../../validation/validation-error.type.js';
import { Conflict } from '../conflict.type.js';
import { limits } from '../limits.js';
import { BulkSuccess } from '../success.type.js';
import { Created } from './create-customer.result.js';

/** Result of one row of `createCustomers`. */
export const CreateCustomersItem = createUnionType({
  name: 'CreateCustomersItem',
  description: 'Result of one row of `createCustomers`.',
  types: () => [Created, ValidationError, Conflict] as const,
});

@ObjectType({
  simpleResolvers: true,
  description: 'Each row was processed independently: valid rows were stored even if other rows failed.',
})
export class CustomersCreated extends BulkSuccess {
  @Extensions({ maxItems: limits.rows })
  @Field(() => [CreateCustomersItem], {
    description: 'Result of each row, in the order of the request; at most 100.',
  })
  get results(): Promise<typeof CreateCustomersItem>[] {
    return inTurns(this.rows);
  }

  constructor(private readonly rows: readonly (typeof CreateCustomersItem)[]) {
    super(rows, 'created');
  }
}

/** Result of `createCustomers`. */
export const CreateCustomersResult = createUnionType({
  name: 'CreateCustomersResult',
  description: 'Result of `createCustomers`: the result of each row, or an error for the whole request.',
  types: () => [CustomersCreated, ValidationError, Conflict, RateLimited] as const,
});
