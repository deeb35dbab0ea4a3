import { Field, ObjectType } from 'type-graphql';
import { errorCodes } from '../graphql/error-codes.js';
import { ErrorType } from '../graphql/error.type.js';
import { FieldError } from './field-error.type.js';

@ObjectType({
  simpleResolvers: true,
  implements: ErrorType,
  description: 'The input breaks rules. Nothing was stored.',
})
export class ValidationError extends ErrorType {
  readonly message = 'The input is not valid.';
  readonly code = errorCodes.VALIDATION_FAILED;

  @Field(() => [FieldError], {
    description: 'One for each field that is not valid; never empty.',
  })
  readonly errors: readonly FieldError[];

  constructor(errors: readonly FieldError[]) {
    super();
    this.errors = errors;
  }
}
