import { createUnionType, Field, Int, InterfaceType, ObjectType } from 'type-graphql';
import { CustomerType } from './customer.type.ts';

@InterfaceType('Error')
export abstract class ErrorType {
  @Field(() => String)
  readonly status: string = 'error';

  @Field(() => String)
  abstract readonly message: string;

  @Field(() => String)
  abstract readonly code: string;
}

@ObjectType()
export class FieldError {
  @Field(() => String)
  readonly path!: string;

  @Field(() => String)
  readonly message!: string;

  @Field(() => String)
  readonly code!: string;
}

@ObjectType({ implements: ErrorType })
export class ValidationError extends ErrorType {
  readonly message = 'The input is not valid.';
  readonly code = 'VALIDATION_FAILED';

  @Field(() => [FieldError])
  readonly errors: FieldError[];

  constructor(errors: FieldError[]) {
    super();
    this.errors = errors;
  }
}

@ObjectType({ implements: ErrorType })
export class Conflict extends ErrorType {
  readonly message = 'A customer with this email already exists.';
  readonly code = 'EMAIL_EXISTS';
}

@ObjectType()
export class Created {
  @Field(() => String)
  readonly status: string = 'success';

  @Field(() => String)
  readonly message: string = 'Customer created.';

  @Field(() => CustomerType)
  readonly data: object;

  constructor(data: object) {
    this.data = data;
  }
}

export const CreateCustomerResult = createUnionType({
  name: 'CreateCustomerResult',
  types: () => [Created, ValidationError, Conflict] as const,
});

type Row = Created | ValidationError | Conflict;

@ObjectType()
export class CustomersCreated {
  @Field(() => String)
  readonly status: string = 'success';

  @Field(() => String)
  readonly message: string;

  @Field(() => Int)
  readonly successCount: number;

  @Field(() => Int)
  readonly errorCount: number;

  @Field(() => [CreateCustomerResult])
  readonly results: Row[];

  constructor(results: Row[]) {
    this.results = results;
    this.successCount = results.filter((row) => row instanceof Created).length;
    this.errorCount = results.length - this.successCount;
    this.message = `${this.successCount} of ${results.length} customers created.`;
  }
}

export const CreateCustomersResult = createUnionType({
  name: 'CreateCustomersResult',
  types: () => [CustomersCreated, ValidationError] as const,
});
