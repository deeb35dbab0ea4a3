import { createUnionType, Extensions, Field, ObjectType } from 'type-graphql';
import { inTurns } from '../../concurrency/in-turns.js';
import { RateLimited } from '../../rate-limit/rate-limited.type.js';
import { ValidationError } from '../../validation/validation-error.type.js';
import { Conflict } from '../conflict.type.js';
import { limits } from '../limits.js';
import { BulkSuccess } from '../success.type.js';
import { Created } from './create-customer.result.js';

/** What became of one row of a `createCustomers`. */
export const CreateCustomersItem = createUnionType({
  name: 'CreateCustomersItem',
  description: 'What became of one row of a `createCustomers`.',
  types: () => [Created, ValidationError, Conflict] as const,
});

@ObjectType({
  simpleResolvers: true,
  description: 'The rows were looked at one by one. Those that stand were stored, whatever the others are.',
})
export class CustomersCreated extends BulkSuccess {
  @Extensions({ maxItems: limits.rows })
  @Field(() => [CreateCustomersItem], {
    description: 'What became of each row, in the order sent: one for each, so at most 100.',
  })
  get results(): Promise<typeof CreateCustomersItem>[] {
    return inTurns(this.rows);
  }

  constructor(private readonly rows: readonly (typeof CreateCustomersItem)[]) {
    super(rows, 'created');
  }
}

/** Every way a `createCustomers` can end, once its caller is known. */
export const CreateCustomersResult = createUnionType({
  name: 'CreateCustomersResult',
  description:
    'Every way a `createCustomers` can end, once its caller is known: the rows, or why none was looked at.',
  types: () => [CustomersCreated, ValidationError, Conflict, RateLimited] as const,
});
