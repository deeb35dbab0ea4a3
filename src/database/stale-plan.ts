import pg from 'pg';

/** feature_not_supported, which PostgreSQL reports of a prepared statement whose result has other types than before. */
const FEATURE_NOT_SUPPORTED = '0A000';
/** The function of PostgreSQL that finds it out. The message is in the server's language. */
const ROUTINE = 'RevalidateCachedQuery';

/**
 * Whether a migration changed the type of a column after a connection had prepared a statement that reads it. The
 * statement did nothing, and will do nothing on this connection.
 */
export function isStalePlan(error: unknown): error is pg.DatabaseError {
  return (
    error instanceof pg.DatabaseError && error.code === FEATURE_NOT_SUPPORTED && error.routine === ROUTINE
  );
}
