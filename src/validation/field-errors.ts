import { type z } from 'zod';
import { FieldErrorCode } from './field-error-code.js';
import { type FieldError } from './field-error.type.js';

/** The errors of an input, or the result if there are none. */
export type Checked<Result> = { readonly errors: readonly FieldError[] } | Result;

/** Converts Zod issues to the errors of the schema. */
export function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.map((issue) => ({
    path: issue.path.join('.'),
    message: issue.message,
    code: codeOf(issue),
  }));
}

/** Every rule reports a {@link FieldErrorCode}. A missing code is a bug in the rule. */
function codeOf(issue: z.core.$ZodIssue): FieldErrorCode {
  const code: unknown = issue.code === 'custom' ? issue.params?.['code'] : undefined;
  const known = Object.values(FieldErrorCode).find((candidate) => candidate === code);
  if (known === undefined)
    throw new Error(`The rule at ${issue.path.join('.')} has no code: ${issue.message}`);
  return known;
}
