import { createUnionType, Field, Int, ObjectType } from 'type-graphql';
import { RateLimited } from '../../rate-limit/rate-limited.type.js';
import { ValidationError } from '../../validation/validation-error.type.js';
import { Conflict } from '../conflict.type.js';
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
export class CustomersCreated {
  @Field(() => String, { description: 'Always "success": the rows say what became of each.' })
  readonly status: string = 'success';

  @Field(() => String, { description: 'What was done, for people.' })
  readonly message: string;

  @Field(() => [CreateCustomersItem], {
    description: 'What became of each row, in the order sent: one for each, so at most 100.',
  })
  readonly results: readonly (typeof CreateCustomersItem)[];

  @Field(() => Int, { description: 'Rows that were stored.' })
  readonly successCount: number;

  @Field(() => Int, { description: 'Rows that were not stored.' })
  readonly errorCount: number;

  constructor(results: readonly (typeof CreateCustomersItem)[]) {
    this.results = results;
    this.successCount = results.filter((row) => row instanceof Created).length;
    this.errorCount = results.length - this.successCount;
    this.message = `${this.successCount} of ${results.length} customers created.`;
  }
}

/** Every way a `createCustomers` can end, once its caller is known. */
export const CreateCustomersResult = createUnionType({
  name: 'CreateCustomersResult',
  description:
    'Every way a `createCustomers` can end, once its caller is known: the rows, or why none was looked at.',
  types: () => [CustomersCreated, ValidationError, Conflict, RateLimited] as const,
});
