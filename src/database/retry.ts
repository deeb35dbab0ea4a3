import pg from 'pg';

/** Enough for whatever happens once or twice; what goes on failing is a fault to be seen. */
const MAX_ATTEMPTS = 5;

/** PostgreSQL gave up one of two statements that waited for each other; nothing of it was done. */
const DEADLOCK_DETECTED = '40P01';
const UNIQUE_VIOLATION = '23505';

/** Runs a statement again when a deadlock undid it, or when one of these unique constraints did. */
export async function withRetries<Result>(
  constraints: readonly string[],
  run: () => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !isTransient(error, constraints)) throw error;
    }
  }
}

function isTransient(error: unknown, constraints: readonly string[]): boolean {
  if (!(error instanceof pg.DatabaseError)) return false;
  return error.code === DEADLOCK_DETECTED || constraints.includes(violatedUnique(error) ?? '');
}

/** The unique constraint that an error says was violated, if it says so. */
export function violatedUnique(error: unknown): string | undefined {
  if (!(error instanceof pg.DatabaseError) || error.code !== UNIQUE_VIOLATION) return undefined;
  return error.constraint;
}
