import { type NewCustomer } from '../new-customer.js';
import { emailKey } from '../text-keys.js';
import { type CustomerKey } from './upsert-customer.result.js';

/** What an upsert looks a customer up by: a column with a unique index, and the property that fills it. */
interface UpsertKey {
  readonly column: string;
  readonly property: string;
  valueOf(draft: NewCustomer): string | null;
}

export const upsertKeys: Readonly<Record<CustomerKey, UpsertKey>> = {
  EMAIL: { column: 'email_key', property: 'emailKey', valueOf: ({ email }) => emailKey(email) },
  EXTERNAL_ID: { column: 'external_id', property: 'externalId', valueOf: ({ externalId }) => externalId },
};
