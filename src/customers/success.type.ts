import { Field, Int, ObjectType } from 'type-graphql';
import { CustomerType } from './customer.type.js';

/** What every success with one customer says. */
@ObjectType({ simpleResolvers: true })
export abstract class CustomerSuccess {
  @Field(() => String, { description: 'Always "success".' })
  readonly status: string = 'success';

  @Field(() => String, { description: 'What was done, for people.' })
  abstract readonly message: string;

  @Field(() => CustomerType, { description: 'The customer as it is now; a deleted one as it was.' })
  readonly data: CustomerType;

  constructor(data: CustomerType) {
    this.data = data;
  }
}

/** What every bulk says whose rows were looked at one by one. */
@ObjectType({ simpleResolvers: true })
export abstract class BulkSuccess {
  @Field(() => String, { description: 'Always "success": the rows say what became of each.' })
  readonly status: string = 'success';

  @Field(() => String, { description: 'What was done, for people.' })
  readonly message: string;

  @Field(() => Int, { description: 'Rows that were done.' })
  readonly successCount: number;

  @Field(() => Int, { description: 'Rows that were refused.' })
  readonly errorCount: number;

  constructor(rows: readonly object[], done: 'created' | 'updated') {
    this.successCount = rows.filter((row) => row instanceof CustomerSuccess).length;
    this.errorCount = rows.length - this.successCount;
    this.message = `${this.successCount} of ${rows.length} customers ${done}.`;
  }
}
