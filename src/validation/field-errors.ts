import { type z } from 'zod';
import { FieldErrorCode } from './field-error-code.js';
import { type FieldError } from './field-error.type.js';

/** What is wrong with what a caller sent, or what it says. */
export type Checked<Result> = { readonly errors: readonly FieldError[] } | Result;

/** What broke a rule of ours, in the terms of the contract. */
export function fieldErrors(error: z.ZodError): FieldError[] {
  return error.issues.map((issue) => ({
    path: issue.path.join('.'),
    message: issue.message,
    code: codeOf(issue),
  }));
}

/** Every rule of ours reports with a code of ours; anything else is a fault of that rule. */
function codeOf(issue: z.core.$ZodIssue): FieldErrorCode {
  const code: unknown = issue.code === 'custom' ? issue.params?.['code'] : undefined;
  const known = Object.values(FieldErrorCode).find((candidate) => candidate === code);
  if (known === undefined)
    throw new Error(`The rule at ${issue.path.join('.')} has no code: ${issue.message}`);
  return known;
}
