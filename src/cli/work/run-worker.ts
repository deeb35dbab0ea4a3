import { readConfig } from '../../config/config.js';
import { messageOf } from '../../errors/message-of.js';
import { openLog } from '../../observability/log.js';
import { runUntilStopped } from '../../run-until-stopped.js';
import { explainStartFailure } from '../../start-failure.js';
import { type CommandIo } from '../command-io.js';
import { startWorker } from './start-worker.js';

/** Resolves once the worker has started. A signal then ends the process. @throws if the worker cannot start. */
export async function runWorker({ env }: CommandIo): Promise<void> {
  const config = readConfig(env);
  const log = await openLog(config);
  try {
    const worker = await runUntilStopped(log, (stopping) => startWorker(config, log, stopping));
    if (worker) log.info({ url: worker.url }, 'delivering webhooks');
  } catch (error) {
    const settings = { ...config, command: 'npx customer-gateway work' };
    throw new Error(explainStartFailure(error, settings) ?? messageOf(error), { cause: error });
  }
}
