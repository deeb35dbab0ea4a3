import type { CreateCustomerResult } from './use-create-customer';

type Conflict = Extract<CreateCustomerResult, { __typename: 'Conflict' }>;
type ValidationError = Extract<CreateCustomerResult, { __typename: 'ValidationError' }>;

/** Messages by error code. Codes that are not listed use the gateway's message, because new codes may be added. */
const BY_CODE: ReadonlyMap<string, string> = new Map([
  ['INVALID_EMAIL', 'Enter an email address, such as name@example.com.'],
  ['INVALID_URL', 'Enter a web address that starts with http:// or https://.'],
  ['MULTIPLE_PRIMARY', 'Select one primary contact.'],
]);

/** Messages for required fields, by path. */
const REQUIRED: ReadonlyMap<string, string> = new Map([
  ['customer', 'Enter a name.'],
  ['email', 'Enter an email address.'],
]);

/** The message shown for a validation error. */
export function fieldErrorText({ path, code, message }: ValidationError['errors'][number]): string {
  const known = code === 'REQUIRED' ? REQUIRED.get(path) : BY_CODE.get(code);
  return known ?? toSentence(message);
}

/** The message shown for a conflict. */
export function conflictText({ code, message }: Conflict): string {
  return code === 'EMAIL_EXISTS' ? 'Another customer has this email address.' : message;
}

/** Capitalizes the gateway's message, such as "must have at most 20 characters". */
function toSentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}
