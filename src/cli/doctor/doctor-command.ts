import { type Command } from 'commander';
import { type CommandIo } from '../command-io.js';
import { answers, type OutputOptions } from '../output.js';

const HELP = `
Each check is a line: ok, warning or failed, with what to do about it. A check that fails keeps none of the others from
being made. It starts nothing and changes nothing. Ends with 1 when a check failed, with 2 when the configuration is
not right; then nothing else can be checked.

Example, in the environment of the gateway:
  customer-gateway doctor`;

/** Whether a gateway with this environment can work. */
export function addDoctorCommand(program: Command, io: CommandIo): void {
  answers(
    program.command('doctor').description('check the configuration and all that the gateway depends on'),
  )
    .addHelpText('after', HELP)
    .action(async (options: OutputOptions) => {
      const { runDoctor } = await import('./run-doctor.js');
      await runDoctor(io, options);
    });
}
