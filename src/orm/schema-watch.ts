import { type FastifyBaseLogger } from 'fastify';
import type pg from 'pg';
import { SchemaMismatch } from '../errors/schema-mismatch.js';
import { sqlStateOf } from '../errors/sql-state.js';
import { asUnavailable, Unavailable } from '../errors/unavailable.js';
import { knownMigrations } from './pending-migrations.js';
import { checkSchema } from './schema-state.js';

/**
 * Notices that the database schema no longer matches this release, because a newer release has migrated it or an operator has
 * gone back. Logs it once, and once that it matches again.
 */
export class SchemaWatch {
  #pool: Pick<pg.Pool, 'query'> | undefined;
  #known: Promise<readonly string[]> | undefined;
  #isMismatched = false;
  /** A check that failed statements share. */
  #checking: Promise<void> | undefined;

  constructor(private readonly log: Pick<FastifyBaseLogger, 'error' | 'info'>) {}

  /** Sets the database. */
  watch(pool: Pick<pg.Pool, 'query'>): void {
    this.#pool = pool;
  }

  /**
   * Compares the schema with this release, in one statement.
   *
   * @throws {SchemaMismatch} if the release cannot serve it.
   */
  async check(): Promise<void> {
    if (!this.#pool) return;
    this.#known ??= knownMigrations();
    try {
      await checkSchema(this.#pool, await this.#known);
      this.#note(undefined);
    } catch (error) {
      if (error instanceof SchemaMismatch) this.#note(error.message);
      throw error;
    }
  }

  /**
   * Converts an error that is caused by an outage or by a schema that does not match; otherwise returns undefined. An error of
   * PostgreSQL that is no outage is a bug, unless the schema does not match.
   */
  async asUnavailable(failure: unknown): Promise<Unavailable | undefined> {
    const outage = asUnavailable(failure);
    if (outage || sqlStateOf(failure) === undefined) return outage;
    this.#checking ??= this.check().finally(() => {
      this.#checking = undefined;
    });
    try {
      await this.#checking;
    } catch (mismatch) {
      if (!(mismatch instanceof SchemaMismatch)) return undefined;
      return new Unavailable('database', { cause: new SchemaMismatch(mismatch.message, { cause: failure }) });
    }
    return undefined;
  }

  #note(problem: string | undefined): void {
    const isMismatched = problem !== undefined;
    if (isMismatched === this.#isMismatched) return;
    this.#isMismatched = isMismatched;
    if (isMismatched) this.log.error(problem);
    else this.log.info('The database schema matches this release again');
  }
}
