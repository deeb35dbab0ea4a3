import { type MikroORM } from '@mikro-orm/postgresql';
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
): Promise<Removal | undefined> {
  const pool = await orm.em.getConnection().getNativeClient();
  const ids = [...new Set(documentIds.map(canonicalId))];
  const run = async (executor: Executor) => {
    // A publication locks in the same order.
    const client = await executor.query(lockClient({ clientId }));
    if (client.rows.length === 0) return undefined;
    const { rows } = await executor.query<{ id: string }>(remove({ clientId, ids }));
    const removed = new Set(rows.map(({ id }) => id));
    return {
      removed: ids.filter((id) => removed.has(id)),
      unknown: ids.filter((id) => !removed.has(id)),
    };
  };
  return withRetries(() => inTransaction(pool, run));
}
