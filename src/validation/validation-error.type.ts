import { Extensions, Field, ObjectType } from 'type-graphql';
import { errorCodes } from '../errors/error-codes.js';
import { ErrorType } from '../errors/error.type.js';
import { FieldError } from './field-error.type.js';

/** Number of errors that the operation cost assumes. There can be more, limited by the size of the request body. */
const COUNTED_ERRORS = 100;

@ObjectType({
  simpleResolvers: true,
  implements: ErrorType,
  description: 'The input is not valid. Nothing was stored.',
})
export class ValidationError extends ErrorType {
  readonly message = 'The input is not valid.';
  readonly code = errorCodes.VALIDATION_FAILED;

  @Extensions({ maxItems: COUNTED_ERRORS })
  @Field(() => [FieldError], {
    description: 'Errors of the input, one for each invalid field. Never empty.',
  })
  readonly errors: readonly FieldError[];

  constructor(errors: readonly FieldError[]) {
    super();
    this.errors = errors;
  }
}
