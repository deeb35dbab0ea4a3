import { FieldErrorCode } from '../validation/field-error-code.js';
import { type FieldError } from '../validation/field-error.type.js';
import { tooMany } from '../validation/list-of.js';
import { limits } from './limits.js';

/** Checks the number of rows of a bulk operation. Returns no error if it is valid. */
export function checkRowCount(inputs: readonly unknown[]): FieldError[] {
  if (inputs.length === 0) {
    return [{ path: 'inputs', message: 'must not be empty', code: FieldErrorCode.REQUIRED }];
  }
  if (inputs.length > limits.rows) {
    return [{ path: 'inputs', ...tooMany(limits.rows) }];
  }
  return [];
}
