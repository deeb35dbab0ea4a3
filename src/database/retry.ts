import { DeadlockException } from '@mikro-orm/postgresql';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { Unavailable } from '../errors/unavailable.js';
import { isStalePlan } from './stale-plan.js';

/** Attempts before a retryable error is reported. */
const MAX_ATTEMPTS = 5;

/** Maximum pause before the second attempt, in ms. It doubles with each further attempt. */
const FIRST_PAUSE_MS = 20;

/** SQLSTATE of a deadlock: PostgreSQL has aborted one of the statements. */
export const DEADLOCK_DETECTED = '40P01';
/** Integrity constraint violations. */
const CONSTRAINT_CLASS = '23';

/**
 * Runs a statement or a transaction, and retries it if its error {@link isRetryable}. Each retry waits for a random time, so that
 * two that deadlocked do not meet again.
 *
 * @throws {Unavailable} when all attempts fail.
 */
export async function withRetries<Result>(
  run: () => Promise<Result>,
  constraints: readonly string[] = [],
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run();
    } catch (error) {
      if (!isRetryable(error, constraints)) throw error;
      if (attempt >= MAX_ATTEMPTS) throw new Unavailable('database', { cause: error });
      await sleep(Math.random() * FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  }
}

/**
 * Whether a statement did nothing because of another one: a deadlock, a plan that a migration made stale, or a violation of
 * one of these constraints.
 */
export function isRetryable(error: unknown, constraints: readonly string[]): boolean {
  // The ORM's name for it.
  if (error instanceof DeadlockException || isStalePlan(error)) return true;
  if (!(error instanceof pg.DatabaseError)) return false;
  return error.code === DEADLOCK_DETECTED || constraints.includes(violatedConstraint(error) ?? '');
}

/** The constraint that an error says was violated, if it says so. */
export function violatedConstraint(error: unknown): string | undefined {
  if (!(error instanceof pg.DatabaseError) || !error.code?.startsWith(CONSTRAINT_CLASS)) return undefined;
  return error.constraint;
}
