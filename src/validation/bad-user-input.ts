import { GraphQLError } from 'graphql';
import { type FieldError } from './field-error.type.js';
import { errorCodes } from '../errors/error-codes.js';

/** The error of a query with invalid arguments. Lists all of them, as a `ValidationError` does. */
export function badUserInput(errors: readonly FieldError[]): GraphQLError {
  return new GraphQLError('The arguments are not valid.', {
    extensions: { code: errorCodes.BAD_USER_INPUT, errors },
  });
}
