import closeWithGrace from 'close-with-grace';
import { type FastifyBaseLogger } from 'fastify';
import { STOP_DEADLINE_MS } from './config/stop-deadline.js';

/** A service of this process. */
export interface Service {
  /** Stops it in order. */
  close(): Promise<void>;
}

/**
 * Starts a service. From here on SIGTERM or SIGINT stops it in order, also while it starts, and then ends the process with exit
 * code 0. The exit code is 1 if that takes longer than the stop deadline, after a second signal and after an unexpected error.
 *
 * @returns undefined if the service was stopped while it started.
 */
export async function runUntilStopped<Started extends Service>(
  log: FastifyBaseLogger,
  start: (stopping: AbortSignal) => Promise<Started>,
): Promise<Started | undefined> {
  const stopping = new AbortController();
  const starting = start(stopping.signal);
  const options = { delay: STOP_DEADLINE_MS, logger: log };
  const { uninstall } = closeWithGrace(options, async ({ err, signal }) => {
    if (err) log.fatal({ err }, 'unexpected error');
    log.info({ signal }, 'stopping');
    stopping.abort();
    const service = await starting.catch(() => undefined);
    await service?.close();
    log.info('stopped');
  });
  try {
    return await starting;
  } catch (error) {
    if (stopping.signal.aborted) return undefined;
    uninstall();
    throw error;
  }
}
