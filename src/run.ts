import 'reflect-metadata';
import { inspect } from 'node:util';
import closeWithGrace from 'close-with-grace';
import { type Config, ConfigError, readConfig } from './config/config.js';
import { STOP_DEADLINE_MS } from './config/environment.js';
import { greet } from './greeting.js';
import { openLog } from './observability/log.js';
import { startGateway } from './start-gateway.js';
import { explainStartFailure } from './start-failure.js';
import { visibleText } from './validation/visible-text.js';

/** From here on a signal ends the gateway in order, also while it starts. */
async function run(config: Config): Promise<void> {
  const log = await openLog(config);
  const stopping = new AbortController();
  const starting = startGateway(config, log, stopping.signal);
  const options = { delay: STOP_DEADLINE_MS, logger: log };
  const { uninstall } = closeWithGrace(options, async ({ err, signal }) => {
    if (err) log.fatal({ err }, 'unexpected error');
    log.info({ signal }, 'stopping');
    stopping.abort();
    const gateway = await starting.catch(() => undefined);
    await gateway?.close();
    log.info('stopped');
  });
  try {
    greet(await starting, config, log);
  } catch (error) {
    if (stopping.signal.aborted) return;
    uninstall();
    fail(explainStartFailure(error, config) ?? inspect(error));
  }
}

function fail(reason: string): void {
  process.stderr.write(`${visibleText(reason)}\n`);
  process.exitCode = 1;
}

try {
  await run(readConfig(process.env));
} catch (error) {
  fail(error instanceof ConfigError ? error.message : inspect(error));
}
