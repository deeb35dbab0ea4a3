import pg from 'pg';

/** Enough for whatever happens once or twice; what goes on failing is a fault to be seen. */
const MAX_ATTEMPTS = 5;

/** PostgreSQL gave up one of two statements that waited for each other; nothing of it was done. */
const DEADLOCK_DETECTED = '40P01';
/** Integrity constraint violations. */
const CONSTRAINT_CLASS = '23';

/** Runs a statement again when a deadlock undid it, or when one of these constraints did. */
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
  return error.code === DEADLOCK_DETECTED || constraints.includes(violatedConstraint(error) ?? '');
}

/** The constraint that an error says was violated, if it says so. */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof pg.DatabaseError) || !error.code?.startsWith(CONSTRAINT_CLASS)) return undefined;
  return error.constraint;
}
