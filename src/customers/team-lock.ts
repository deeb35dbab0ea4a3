/** Distinguishes these locks from other advisory locks of the database. An arbitrary number. */
const SEED = 4_201_126_112n;

/**
 * SQL: the common table expression `team_lock`, which takes the lock of the team `:'teamId'` until the transaction ends.
 *
 * Statements that write many customers of one team take it before they touch any, so that no two of them run at once: each
 * would wait for rows, emails or external ids that the other one holds. A statement for one customer holds nothing while it
 * waits, and takes no lock.
 */
export const teamLock = `team_lock as materialized (
      select pg_advisory_xact_lock(hashtextextended(:'teamId'::uuid::text, ${SEED})) as taken
    )`;
