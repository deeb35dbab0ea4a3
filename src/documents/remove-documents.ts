import { type MikroORM } from '@mikro-orm/postgresql';
import { firstIds } from '../audit/change.js';
import { type RecordChange } from '../audit/record-change.js';
import { withRetries } from '../database/retry.js';
import { numberParameters } from '../database/statement.js';
import { type Executor, inTransaction } from '../database/transaction.js';
import { canonicalId } from './document-id.js';
import { lockClientStatement } from './lock-client.statement.js';
import { removeDocumentsStatement } from './remove-documents.statement.js';

const lockClient = numberParameters(lockClientStatement);
const remove = numberParameters(removeDocumentsStatement);

/** Result of a removal, which is idempotent. */
export interface Removal {
  readonly removed: readonly string[];
  /** IDs that the client had not. */
  readonly unknown: readonly string[];
}

/**
 * Removes published documents of a client.
 *
 * @returns undefined if the client does not exist or is revoked.
 */
export async function removeDocuments(
  orm: MikroORM,
  clientId: string,
  documentIds: readonly string[],
  recordChange?: RecordChange,
): Promise<Removal | undefined> {
  const pool = await orm.em.getConnection().getNativeClient();
  const ids = [...new Set(documentIds.map(canonicalId))];
  const run = async (executor: Executor) => {
    // A publication locks in the same order.
    const client = await executor.query(lockClient({ clientId }));
    if (client.rows.length === 0) return undefined;
    const { rows } = await executor.query<{ id: string }>(remove({ clientId, ids }));
    const found = new Set(rows.map(({ id }) => id));
    const removed = ids.filter((id) => found.has(id));
    if (removed.length > 0)
      await recordChange?.(executor, { clientId, details: firstIds('documents', removed) });
    return { removed, unknown: ids.filter((id) => !found.has(id)) };
  };
  return withRetries(() => inTransaction(pool, run));
}
