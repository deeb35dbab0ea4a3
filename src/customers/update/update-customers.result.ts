import { createUnionType, Extensions, Field, ObjectType } from 'type-graphql';
import { inTurns } from '../../concurrency/in-turns.js';
import { RateLimited } from '../../rate-limit/rate-limited.type.js';
import { ValidationError } from '../../validation/validation-error.type.js';
import { Conflict } from '../conflict.type.js';
import { limits } from '../limits.js';
import { NotFound } from '../not-found.type.js';
import { BulkSuccess } from '../success.type.js';
import { Updated } from './update-customer.result.js';

/** Result of one row of `updateCustomers`. */
export const UpdateCustomersItem = createUnionType({
  name: 'UpdateCustomersItem',
  description: 'Result of one row of `updateCustomers`.',
  types: () => [Updated, ValidationError, NotFound, Conflict] as const,
});

@ObjectType({
  simpleResolvers: true,
  description: 'Each row was processed independently: valid rows were updated even if other rows failed.',
})
export class CustomersUpdated extends BulkSuccess {
  @Extensions({ maxItems: limits.rows })
  @Field(() => [UpdateCustomersItem], {
    description: 'Result of each row, in the order of the request; at most 100.',
  })
  get results(): Promise<typeof UpdateCustomersItem>[] {
    return inTurns(this.rows);
  }

  constructor(private readonly rows: readonly (typeof UpdateCustomersItem)[]) {
    super(rows, 'updated');
  }
}

/** Result of `updateCustomers`. */
export const UpdateCustomersResult = createUnionType({
  name: 'UpdateCustomersResult',
  description: 'Result of `updateCustomers`: the result of each row, or an error for the whole request.',
  types: () => [CustomersUpdated, ValidationError, RateLimited] as const,
});
