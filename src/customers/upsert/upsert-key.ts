import { type ConflictCode } from '../conflict.type.js';
import { type CustomerDraft } from '../customer-rules.js';
import { emailKey } from '../text-keys.js';
import { type CustomerKey } from './upsert-customer.result.js';

/** What an upsert looks a customer up by: a column with a unique index, and the property that fills it. */
interface UpsertKey {
  readonly column: string;
  readonly property: string;
  /** The conflict with another customer that has the same value. */
  readonly conflict: ConflictCode;
  valueOf(this: void, customer: Pick<CustomerDraft, 'email' | 'externalId'>): string | null;
}

export const upsertKeys: Readonly<Record<CustomerKey, UpsertKey>> = {
  EMAIL: {
    column: 'email_key',
    property: 'emailKey',
    conflict: 'EMAIL_EXISTS',
    valueOf: ({ email }) => emailKey(email),
  },
  EXTERNAL_ID: {
    column: 'external_id',
    property: 'externalId',
    conflict: 'EXTERNAL_ID_EXISTS',
    valueOf: ({ externalId }) => externalId,
  },
};
