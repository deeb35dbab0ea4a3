import { createUnionType, Extensions, Field, ObjectType } from 'type-graphql';
import { inTurns } from '../../concurrency/in-turns.js';
import { RateLimited } from '../../rate-limit/rate-limited.type.js';
import { ValidationError } from '../../validation/validation-error.type.js';
import { Conflict } from '../conflict.type.js';
import { limits } from '../limits.js';
import { NotFound } from '../not-found.type.js';
import { BulkSuccess } from '../success.type.js';
import { Updated } from './update-customer.result.js';

/** What became of one row of an `updateCustomers`. */
export const UpdateCustomersItem = createUnionType({
  name: 'UpdateCustomersItem',
  description: 'What became of one row of an `updateCustomers`.',
  types: () => [Updated, ValidationError, NotFound, Conflict] as const,
});

@ObjectType({
  simpleResolvers: true,
  description: 'The rows were looked at one by one. Those that stand were changed, whatever the others are.',
})
export class CustomersUpdated extends BulkSuccess {
  @Extensions({ maxItems: limits.rows })
  @Field(() => [UpdateCustomersItem], {
    description: 'What became of each row, in the order sent: one for each, so at most 100.',
  })
  get results(): Promise<typeof UpdateCustomersItem>[] {
    return inTurns(this.rows);
  }

  constructor(private readonly rows: readonly (typeof UpdateCustomersItem)[]) {
    super(rows, 'updated');
  }
}

/** Every way an `updateCustomers` can end, once its caller is known. */
export const UpdateCustomersResult = createUnionType({
  name: 'UpdateCustomersResult',
  description:
    'Every way an `updateCustomers` can end, once its caller is known: the rows, or why none was looked at.',
  types: () => [CustomersUpdated, ValidationError, RateLimited] as const,
});
