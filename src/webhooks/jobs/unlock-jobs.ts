import type pg from 'pg';
import { numberParameters } from '../../database/statement.js';
import { unlockJobsStatement } from './unlock-jobs.statement.js';

const bind = numberParameters(unlockJobsStatement);

/** Gives the jobs of workers that have ended back to the others. */
export async function unlockJobs(pool: pg.Pool): Promise<void> {
  await pool.query(bind({}));
}
