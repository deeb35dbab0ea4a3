import { type Command } from 'commander';
import { type CommandIo } from '../command-io.js';
import { answers, type OutputOptions } from '../output.js';

const HELP = `
Prints one line for each check: ok, warning or failed, with the action to take. All checks run, even if one fails.
Nothing is started or changed. Exits with 1 if a check failed, and with 2 if the configuration is not valid; nothing
else is checked then.

Example, in the environment of the gateway:
  customer-gateway doctor`;

/** Checks whether a gateway with this environment can work. */
export function addDoctorCommand(program: Command, io: CommandIo): void {
  answers(
    program.command('doctor').description('check the configuration and the dependencies of the gateway'),
  )
    .addHelpText('after', HELP)
    .action(async (options: OutputOptions) => {
      const { runDoctor } = await import('./run-doctor.js');
      await runDoctor(io, options);
    });
}
