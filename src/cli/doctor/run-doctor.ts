import { type Config, ConfigError, readConfig } from '../../config/config.js';
import { visibleLine } from '../../validation/visible-text.js';
import { type CommandIo } from '../command-io.js';
import { type OutputOptions, print } from '../output.js';
import { UsageError } from '../usage-error.js';
import { type Check, check, failed, ok } from './check.js';
import { checkDataFolder } from './check-data-folder.js';
import { checkDatabase } from './check-database.js';
import { checkIssuer } from './check-issuer.js';

/**
 * Checks the configuration and what the gateway depends on, and prints a line for each check.
 *
 * @throws {UsageError} if the configuration is not valid.
 * @throws {Error} when a check failed.
 */
export async function runDoctor(io: CommandIo, options: OutputOptions): Promise<void> {
  const config = configOrProblems(io);
  if ('problems' in config) {
    printChecks(io, options, config.problems);
    throw new UsageError('The configuration is not valid; nothing else was checked.');
  }
  const checks = [
    { check: 'configuration', ...ok(`All variables are valid for NODE_ENV ${config.environment}.`) },
    await check('data folder', () => checkDataFolder(config)),
    ...(await checkDatabase(config)),
    ...(await checkRedis(config)),
    ...(await checkIssuer(config)),
  ];
  printChecks(io, options, checks);
  const failures = checks.filter(({ state }) => state === 'failed').map(({ check: name }) => name);
  if (failures.length > 0) throw new Error(`Failed: ${failures.join(', ')}.`);
}

/** The client of Redis is read only where it is used, as by the gateway. */
async function checkRedis(config: Config): Promise<Check[]> {
  if (config.redisUrl === undefined) {
    const message =
      'REDIS_URL is not set: each gateway keeps its own rate limits and signatures. Use this with a single gateway only.';
    return [{ check: 'redis', ...ok(message) }];
  }
  const module = await import('./check-redis.js');
  return module.checkRedis(config.redisUrl, config);
}

function configOrProblems({ env }: CommandIo) {
  try {
    return readConfig(env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { problems: error.problems.map((problem) => ({ check: 'configuration', ...failed(problem) })) };
  }
}

function printChecks(io: CommandIo, options: OutputOptions, checks: readonly Check[]): void {
  const width = Math.max(...checks.map(({ check: name }) => name.length));
  const lines = checks.map(
    ({ check: name, state, message }) =>
      `${state.padEnd('warning'.length)}  ${name.padEnd(width)}  ${visibleLine(message)}`,
  );
  print(io, options, checks, lines.join('\n'));
}
