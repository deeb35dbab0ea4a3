/** SQL: how long a job waits for the run that is sending to its endpoint. */
const BUSY_PAUSE = `interval '1 second'`;

/**
 * SQL: when a job for new deliveries of the endpoint `alias` runs. While the endpoint is down, at the time of its next trial. While
 * a run is sending, which finds the new deliveries itself, so late that the job is seldom in its way.
 */
export const wakeAt = (alias: string): string =>
  `greatest(now(), ${alias}.resume_at, case when ${alias}.sending_until > now() then now() + ${BUSY_PAUSE} end)`;
