import { DeadlockException } from '@mikro-orm/postgresql';
import pg from 'pg';
import { isStalePlan } from './stale-plan.js';

/** Enough for whatever happens once or twice; what goes on failing is a fault to be seen. */
const MAX_ATTEMPTS = 5;

/** PostgreSQL gave up one of two statements that waited for each other. */
const DEADLOCK_DETECTED = '40P01';
/** Integrity constraint violations. */
const CONSTRAINT_CLASS = '23';

/** Runs a statement, or a transaction, again when it {@link wasUndone}. */
export async function withRetries<Result>(
  run: () => Promise<Result>,
  constraints: readonly string[] = [],
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= MAX_ATTEMPTS || !wasUndone(error, constraints)) throw error;
    }
  }
}

/**
 * Whether a statement did nothing because of another one: a deadlock, a plan that a migration made stale, or a violation of
 * one of these constraints.
 */
export function wasUndone(error: unknown, constraints: readonly string[]): boolean {
  // The ORM's name for it.
  if (error instanceof DeadlockException) return true;
  if (isStalePlan(error)) return true;
  if (!(error instanceof pg.DatabaseError)) return false;
  return error.code === DEADLOCK_DETECTED || constraints.includes(violatedConstraint(error) ?? '');
}

/** The constraint that an error says was violated, if it says so. */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof pg.DatabaseError) || !error.code?.startsWith(CONSTRAINT_CLASS)) return undefined;
  return error.constraint;
}
