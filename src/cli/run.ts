import 'reflect-metadata';
import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config.js';
import { PostgresFailure } from '../database/postgres-programs.js';
import { codeOf } from '../faults/code-of.js';
import { messageOf } from '../faults/message-of.js';
import { explainPostgresFailure } from '../start-failure.js';
import { addClientCommands } from './client-commands.js';
import { addDoctorCommand } from './doctor/doctor-command.js';
import { addExportCommand } from './export/export-command.js';
import { addImportCommand } from './import/import-command.js';
import { addMigrateCommand } from './migrate-command.js';
import { addSecretsCommands } from './secrets-commands.js';
import { addSignCommand } from './sign-command.js';
import { addTeamCommands } from './team-commands.js';
import { addTokenCommands } from './token-commands.js';
import { UsageError } from './usage-error.js';
import { packageVersion } from './version.js';

/** Done; failed; called in the wrong way, be it an argument or an environment variable. */
const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

const program = new Command('customer-gateway')
  .description('Commands for those who run the gateway. They read the same environment variables as it does.')
  .version(await packageVersion(), '-v, --version')
  .exitOverride()
  .addHelpText('after', '\nExit codes: 0 done, 1 failed, 2 called in the wrong way.');

addClientCommands(program);
addTeamCommands(program);
addTokenCommands(program);
addSecretsCommands(program);
addMigrateCommand(program);
addDoctorCommand(program);
addSignCommand(program);
addImportCommand(program);
addExportCommand(program);

// What is written at the end, and by commander, fails after we have looked.
process.stdout.on('error', (error) => {
  process.exitCode = report(error);
});

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Says what went wrong, unless commander has done so, and gives the exit code. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  // Whoever reads our output has enough, as `head` does.
  if (codeOf(error) === 'EPIPE') return exitCodes.failed;
  const reason = error instanceof PostgresFailure ? explainPostgresFailure(error) : messageOf(error);
  process.stderr.write(`${reason}\n`);
  return error instanceof ConfigError || error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
}
