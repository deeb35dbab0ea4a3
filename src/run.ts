import 'reflect-metadata';
import { inspect } from 'node:util';
import { type Config, ConfigError, readConfig } from './config/config.js';
import { greet } from './greeting.js';
import { openLog } from './observability/log.js';
import { runUntilStopped } from './run-until-stopped.js';
import { startGateway } from './start-gateway.js';
import { explainStartFailure } from './start-failure.js';
import { visibleText } from './validation/visible-text.js';

async function run(config: Config): Promise<void> {
  const log = await openLog(config);
  try {
    const gateway = await runUntilStopped(log, (stopping) => startGateway(config, log, stopping));
    if (gateway) greet(gateway, config, log);
  } catch (error) {
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
