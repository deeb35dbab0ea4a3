import { type Waiting, withMigrationLock } from './migration-lock.js';
import { openOrm } from './orm.js';

/**
 * Applies the migrations that the database lacks, each in a transaction with its entry in the list of applied ones.
 * Of many gateways that start at once one does so and the others wait. A migration has no deadline.
 *
 * @returns the names of those applied now.
 */
export function migrate(databaseUrl: string, waiting: Waiting = {}): Promise<string[]> {
  const apply = async () => {
    const orm = await openOrm(databaseUrl);
    try {
      const applied = await orm.migrator.up();
      return applied.map((migration) => migration.name);
    } finally {
      await orm.close();
    }
  };
  return withMigrationLock(databaseUrl, apply, waiting);
}
