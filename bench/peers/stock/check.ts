import { validate, type ValidationError as Violation } from 'class-validator';
import { type FieldError } from './results.ts';

/** The rules that an input breaks. */
export async function check(input: object): Promise<FieldError[]> {
  return (await validate(input)).flatMap((violation) => errorsOf(violation, ''));
}

function errorsOf({ property, constraints = {}, children = [] }: Violation, parent: string): FieldError[] {
  const path = `${parent}${property}`;
  return [
    ...Object.entries(constraints).map(([code, message]) => ({ path, message, code })),
    ...children.flatMap((child) => errorsOf(child, `${path}.`)),
  ];
}
