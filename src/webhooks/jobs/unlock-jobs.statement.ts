import { type Statement } from '../../database/statement.js';

/** How long a job may take, in seconds. One that is locked for longer belongs to a worker that has ended without a word. */
export const MAX_JOB_SECONDS = 45;

/** Gives the jobs of workers that have ended back to the others. graphile-worker itself would wait for four hours. */
export const unlockJobsStatement: Statement = {
  text: `
    select graphile_worker.force_unlock_workers(workers) from (
      select array_agg(distinct locked_by) as workers from graphile_worker.jobs
      where locked_at < now() - interval '${MAX_JOB_SECONDS} seconds'
    ) as ended
    where workers is not null`,
};
