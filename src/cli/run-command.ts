import { Command, CommanderError } from 'commander';
import { ConfigError } from '../config/config.js';
import { PostgresFailure } from '../database/postgres-programs.js';
import { codeOf } from '../errors/code-of.js';
import { messageOf } from '../errors/message-of.js';
import { explainPooler, explainPostgresFailure } from '../start-failure.js';
import { addAuditCommand } from './audit-command.js';
import { addClientCommands } from './client-commands.js';
import { type CommandIo, Output, type OutputStream, type ProcessIo } from './command-io.js';
import { addDocumentsCommands } from './documents-commands.js';
import { addDoctorCommand } from './doctor/doctor-command.js';
import { addEraseCommand } from './erase/erase-command.js';
import { addExportCommand } from './export/export-command.js';
import { addImportCommand } from './import/import-command.js';
import { addListenCommand } from './listen/listen-command.js';
import { addMigrateCommand } from './migrate-command.js';
import { addSecretsCommands } from './secrets-commands.js';
import { addSignCommand } from './sign-command.js';
import { addTeamCommands } from './team-commands.js';
import { addTokenCommands } from './token-commands.js';
import { UsageError } from './usage-error.js';
import { packageVersion } from './version.js';
import { addWebhookCommands } from './webhook-commands.js';
import { addWorkCommand } from './work/work-command.js';

/** `usage`: an argument or an environment variable is not valid. */
const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

/** Columns of help that is not written to a terminal. */
const HELP_WIDTH = 80;

/**
 * Runs one command.
 *
 * @param args - the command line after `customer-gateway`.
 * @returns the exit code. Failures are reported on stderr and never thrown.
 */
export async function runCommand(args: readonly string[], io: ProcessIo): Promise<number> {
  try {
    // A program keeps the options that it has parsed, so each call builds its own.
    const program = await buildProgram({
      env: io.env,
      // Node opens it at the first access; most commands never read it.
      get stdin() {
        return io.stdin;
      },
      stdout: new Output(io.stdout),
      stderr: new Output(io.stderr),
      withAbortOnSignal: io.withAbortOnSignal,
    });
    await program.parseAsync(args, { from: 'user' });
    return exitCodes.done;
  } catch (error) {
    return reportFailure(error, io.stderr);
  }
}

/** Writes the error to stderr, unless commander has done so. @returns the exit code. */
export function reportFailure(error: unknown, stderr: OutputStream): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  // The reader closed the pipe early, as `head` does. That needs no message.
  if (codeOf(error) === 'EPIPE') return exitCodes.failed;
  const reason =
    error instanceof PostgresFailure
      ? explainPostgresFailure(error)
      : (explainPooler(error) ?? messageOf(error));
  new Output(stderr).write(`${reason}\n`);
  return error instanceof ConfigError || error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
}

/** Builds the program with all commands. */
export async function buildProgram(io: CommandIo): Promise<Command> {
  const { stdout, stderr } = io;
  const program = new Command('customer-gateway')
    .description(
      'Administration commands for the gateway. They read the same environment variables as the gateway.',
    )
    .version(await packageVersion(), '-v, --version')
    // Subcommands inherit both.
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? HELP_WIDTH,
      getErrHelpWidth: () => stderr.columns ?? HELP_WIDTH,
    })
    .addHelpText('after', '\nExit codes: 0 success, 1 failure, 2 usage or configuration error.');
  addClientCommands(program, io);
  addTeamCommands(program, io);
  addTokenCommands(program, io);
  addDocumentsCommands(program, io);
  addWebhookCommands(program, io);
  addSecretsCommands(program, io);
  addAuditCommand(program, io);
  addMigrateCommand(program, io);
  addWorkCommand(program, io);
  addDoctorCommand(program, io);
  addSignCommand(program, io);
  addListenCommand(program, io);
  addImportCommand(program, io);
  addExportCommand(program, io);
  addEraseCommand(program, io);
  return program;
}
