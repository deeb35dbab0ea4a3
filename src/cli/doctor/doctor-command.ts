import { type Command } from 'commander';
import { ConfigError, readConfig } from '../../config.js';
import { answers, type OutputOptions, print } from '../output.js';
import { UsageError } from '../usage-error.js';
import { type Check, check, failed, ok } from './check.js';
import { checkDataFolder } from './check-data-folder.js';
import { checkDatabase } from './check-database.js';
import { checkIssuer } from './check-issuer.js';
import { checkRedis } from './check-redis.js';

const HELP = `
Each check is a line: ok, warning or failed, with what to do about it. A check that fails keeps none of the others from
being made. It starts nothing and changes nothing. Ends with 1 when a check failed, with 2 when the configuration is
not right; then nothing else can be checked.

Example, in the environment of the gateway:
  customer-gateway doctor`;

/** Whether a gateway with this environment can work. */
export function addDoctorCommand(program: Command): void {
  answers(
    program.command('doctor').description('check the configuration and all that the gateway depends on'),
  )
    .addHelpText('after', HELP)
    .action(async (options: OutputOptions) => {
      const config = configOrProblems();
      if ('problems' in config) {
        printChecks(options, config.problems);
        throw new UsageError('The configuration is not usable; nothing else was checked.');
      }
      const checks = [
        { check: 'configuration', ...ok(`Every variable is right, for NODE_ENV ${config.environment}.`) },
        await check('data folder', () => checkDataFolder(config)),
        ...(await checkDatabase(config)),
        ...(await checkRedis(config)),
        ...(await checkIssuer(config)),
      ];
      printChecks(options, checks);
      const failures = checks.filter(({ state }) => state === 'failed').map(({ check: name }) => name);
      if (failures.length > 0) throw new Error(`Failed: ${failures.join(', ')}.`);
    });
}

function configOrProblems() {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { problems: error.problems.map((problem) => ({ check: 'configuration', ...failed(problem) })) };
  }
}

function printChecks(options: OutputOptions, checks: readonly Check[]): void {
  const width = Math.max(...checks.map(({ check: name }) => name.length));
  const lines = checks.map(
    ({ check: name, state, message }) =>
      `${state.padEnd('warning'.length)}  ${name.padEnd(width)}  ${message}`,
  );
  print(options, checks, lines.join('\n'));
}
