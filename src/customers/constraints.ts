import { violatedConstraint } from '../database/retry.js';
import { type ConflictCode } from './conflict.type.js';

/** The unique indexes on a team's customers that are not deleted. */
export const uniqueIndexes = {
  email: 'customer_live_email_key_unique',
  externalId: 'customer_live_external_id_unique',
} as const;

/** Their names. */
export const uniqueIndexNames: readonly string[] = Object.values(uniqueIndexes);

/** The check that counts a customer's metadata. */
export const METADATA_CHECK = 'customer_metadata_entries';

const codes: Readonly<Partial<Record<string, ConflictCode>>> = {
  [uniqueIndexes.email]: 'EMAIL_EXISTS',
  [uniqueIndexes.externalId]: 'EXTERNAL_ID_EXISTS',
};

/** The conflict for a statement's unique violation. @throws any other error. */
export function conflictOf(error: unknown): ConflictCode {
  const code = codes[violatedConstraint(error) ?? ''];
  if (code === undefined) throw error;
  return code;
}
