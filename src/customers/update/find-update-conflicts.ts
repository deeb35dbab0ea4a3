import { type Executor } from '../../database/transaction.js';
import { type ConflictCode } from '../conflict.type.js';
import { type FindConflicts } from '../find-conflicts.js';
import { type StoredCustomer } from '../new-customer.js';
import { emailKey } from '../text-keys.js';
import { type CustomerUpdate } from './apply-update.js';

/**
 * Finds updates whose email or external ID another customer has, or an earlier update of the list takes. One round trip, or none if no
 * update changes an email or an external ID.
 *
 * @returns the conflicts by the customers' IDs.
 */
export async function findUpdateConflicts(
  { findConflicts }: { readonly findConflicts: FindConflicts },
  teamId: string,
  current: ReadonlyMap<string, StoredCustomer>,
  changed: readonly CustomerUpdate[],
  executor: Executor,
): Promise<Map<string, ConflictCode>> {
  const claims = changed
    .map(({ draft }) => draft)
    .filter(({ uuid, email, externalId }) => {
      const before = current.get(uuid);
      return email !== before?.email || externalId !== before.externalId;
    });
  if (claims.length === 0) return new Map();
  const checks = await findConflicts(teamId, claims, executor);

  const conflicts = new Map<string, ConflictCode>();
  const emails = new Set<string>();
  const externalIds = new Set<string>();
  for (const { uuid, email, externalId } of claims) {
    const key = emailKey(email);
    const conflict =
      checks.get(uuid)?.code ?? lostTo(emails.has(key), externalId !== null && externalIds.has(externalId));
    if (conflict) {
      conflicts.set(uuid, conflict);
      continue;
    }
    emails.add(key);
    if (externalId !== null) externalIds.add(externalId);
  }
  return conflicts;
}

function lostTo(email: boolean, externalId: boolean): ConflictCode | undefined {
  if (email) return 'EMAIL_EXISTS';
  return externalId ? 'EXTERNAL_ID_EXISTS' : undefined;
}
