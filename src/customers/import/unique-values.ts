import { type CustomerDraft } from '../customer-rules.js';
import { emailKey } from '../text-keys.js';

/** What only one customer of a team can have: the email, and the external ID if there is one. Compared as PostgreSQL compares it. */
export function uniqueValues({ email, externalId }: Pick<CustomerDraft, 'email' | 'externalId'>): string[] {
  const values = [`email ${emailKey(email)}`];
  return externalId === null ? values : [...values, `externalId ${externalId}`];
}
