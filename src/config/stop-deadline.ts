/** Time from a stop signal to the end of the process, in ms: as long as container platforms wait, or less. */
export const STOP_DEADLINE_MS = 10_000;

/** What is left of that to close the database when a request or an attempt does not end, in ms. */
export const CLOSE_MARGIN_MS = 500;

/** What is left of that for a request beside its wait for a connection and its statement, in ms. */
export const STOP_MARGIN_MS = 1_000;

/** Long enough for a load balancer to hear of it, in seconds. */
const PRODUCTION_SHUTDOWN_DELAY_SECONDS = 2;

/** How long the gateway continues to serve requests after a stop signal, in seconds. */
export function shutdownDelaySeconds(values: {
  readonly NODE_ENV: string;
  readonly SHUTDOWN_DELAY_SECONDS?: number | undefined;
}): number {
  const standard = values.NODE_ENV === 'production' ? PRODUCTION_SHUTDOWN_DELAY_SECONDS : 0;
  return values.SHUTDOWN_DELAY_SECONDS ?? standard;
}
