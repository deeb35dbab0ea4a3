import { Field, Int, ObjectType } from 'type-graphql';
import { CustomerType } from './customer.type.js';
import { Erased } from './erase/erase-customer.result.js';

/** Fields common to every success with one customer. */
@ObjectType({ simpleResolvers: true })
export abstract class CustomerSuccess {
  @Field(() => String, { description: 'Always "success".' })
  readonly status: string = 'success';

  @Field(() => String, { description: 'Human-readable message.' })
  abstract readonly message: string;

  @Field(() => CustomerType, {
    description: 'The customer after the operation; for a deletion, the customer that was deleted.',
  })
  readonly data: CustomerType;

  constructor(data: CustomerType) {
    this.data = data;
  }
}

/** Fields common to every bulk whose rows were processed independently. */
@ObjectType({ simpleResolvers: true })
export abstract class BulkSuccess {
  @Field(() => String, { description: 'Always "success". `results` has the result of each row.' })
  readonly status: string = 'success';

  @Field(() => String, { description: 'Human-readable message.' })
  readonly message: string;

  @Field(() => Int, { description: 'Number of rows that succeeded.' })
  readonly successCount: number;

  @Field(() => Int, { description: 'Number of rows that failed.' })
  readonly errorCount: number;

  /** The customers of the rows that succeeded. */
  readonly customerIds: readonly string[];

  constructor(rows: readonly object[], done: 'created' | 'updated') {
    this.customerIds = rows.flatMap((row) => (row instanceof CustomerSuccess ? row.data.uuid : []));
    this.successCount = this.customerIds.length;
    this.errorCount = rows.length - this.successCount;
    this.message = `${this.successCount} of ${rows.length} customers ${done}.`;
  }
}

const none: readonly string[] = [];

/** The IDs of the customers of a mutation's result, if it succeeded. */
export function changedCustomers(result: object): readonly string[] {
  if (result instanceof CustomerSuccess) return [result.data.uuid];
  if (result instanceof Erased) return [result.data.customerUuid];
  return result instanceof BulkSuccess ? result.customerIds : none;
}
