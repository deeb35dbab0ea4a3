import { codeOf } from '../errors/code-of.js';
import { firstLine, messageOf } from '../errors/message-of.js';
import { StartError } from '../errors/start-error.js';
import { ENCODING_QUERY, encodingProblem } from '../database/encoding.js';
import { type Waiting, withMigrationLock } from './migration-lock.js';
import { openOrm } from './orm.js';

/** SQLSTATE (PostgreSQL, appendix A). */
const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Applies the migrations that the database lacks, each completely or not at all; one that computes something of every row
 * commits in batches and continues after a crash.
 * Of many gateways that start at once one does so and the others wait. A migration has no deadline.
 *
 * @returns the names of those applied now.
 * @throws {StartError} when the encoding of the database or a privilege of the role is not enough, or an operator has to decide.
 */
export function migrate(databaseUrl: string, waiting: Waiting = {}): Promise<string[]> {
  const apply = async () => {
    const orm = await openOrm(databaseUrl);
    try {
      const [database] = await orm.em.getConnection().execute<{ encoding: string }[]>(ENCODING_QUERY);
      const problem = encodingProblem(database?.encoding ?? 'unknown');
      if (problem !== undefined) throw new StartError(problem);
      const applied = await orm.migrator.up();
      return applied.map((migration) => migration.name);
    } catch (error) {
      // The ORM keeps the driver's code.
      if (codeOf(error) !== INSUFFICIENT_PRIVILEGE) throw error;
      // It adds PostgreSQL's hint on a line of its own.
      const reason = firstLine(messageOf(error));
      throw new StartError(
        `The role of DATABASE_URL may not migrate the database (${reason}): run customer-gateway doctor, which names the missing grants.`,
        { cause: error },
      );
    } finally {
      await orm.close();
    }
  };
  return withMigrationLock(databaseUrl, apply, waiting);
}
