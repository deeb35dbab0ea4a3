/** The tasks of graphile-worker. The function `queue_webhook_deliveries` and the statements in this folder add their jobs. */
export const tasks = {
  /** Creates the deliveries of new events. */
  create: 'create-webhook-deliveries',
  /** Sends the deliveries of an endpoint that are due. */
  send: 'send-webhook-deliveries',
} as const;

/**
 * SQL: adds the job that sends the deliveries of an endpoint, or moves the one that waits already. There is at most one: its key is
 * the endpoint's ID.
 *
 * @param endpoint - SQL of the endpoint's ID.
 * @param runAt - SQL of the time at which it runs.
 * @param mode - SQL: `'replace'` moves a job that waits to that time; `'preserve_run_at'` keeps its time.
 */
export function addSendJob(endpoint: string, runAt: string, mode = `'replace'`): string {
  return `graphile_worker.add_job('${tasks.send}', json_build_object('endpoint', ${endpoint}), run_at => ${runAt},
      job_key => ${endpoint}::text, job_key_mode => ${mode})`;
}
