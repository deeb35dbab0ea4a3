import { createUnionType, Field, ObjectType } from 'type-graphql';
import { errorCodes } from '../graphql/error-codes.js';
import { ErrorType } from '../graphql/error.type.js';
import { RateLimited } from '../rate-limit/rate-limited.type.js';
import { CustomerType } from './customer.type.js';
import { FieldError } from './field-error.type.js';

@ObjectType({
  simpleResolvers: true,
  description: 'The customer was stored, with its addresses and contacts.',
})
export class Created {
  @Field(() => String, { description: 'Always "success".' })
  readonly status: string = 'success';

  @Field(() => String, { description: 'What was done, for people.' })
  readonly message: string = 'Customer created.';

  @Field(() => CustomerType, { description: 'The customer as it was stored.' })
  readonly data: CustomerType;

  constructor(data: CustomerType) {
    this.data = data;
  }
}

@ObjectType({
  simpleResolvers: true,
  implements: ErrorType,
  description: 'The input breaks rules. Nothing was stored.',
})
export class ValidationError extends ErrorType {
  readonly message = 'The customer is not valid.';
  readonly code = errorCodes.VALIDATION_FAILED;

  @Field(() => [FieldError], {
    description: 'Every field that is not valid, not only the first; never empty.',
  })
  readonly errors: FieldError[];

  constructor(errors: FieldError[]) {
    super();
    this.errors = errors;
  }
}

@ObjectType({ simpleResolvers: true, description: 'What a conflict is about.' })
export class ConflictDetails {
  @Field(() => String, { description: 'The input field whose value is taken, such as `email`.' })
  readonly field: string;

  constructor(field: string) {
    this.field = field;
  }
}

@ObjectType({
  simpleResolvers: true,
  implements: ErrorType,
  description: 'The team has such a customer already. Nothing was stored.',
})
export class Conflict extends ErrorType {
  readonly message = 'A customer with this email exists already.';
  readonly code = errorCodes.EMAIL_EXISTS;

  @Field(() => ConflictDetails, { description: 'What the conflict is about.' })
  readonly details = new ConflictDetails('email');
}

/** Every way a `createCustomer` can end, once its caller is known. */
export const CreateCustomerResult = createUnionType({
  name: 'CreateCustomerResult',
  description: 'Every way a `createCustomer` can end, once its caller is known.',
  types: () => [Created, ValidationError, Conflict, RateLimited] as const,
});
