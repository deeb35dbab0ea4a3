import { type Command } from 'commander';
import { idArgument } from '../arguments.js';
import { audited } from '../audited.js';
import { type CommandIo } from '../command-io.js';
import { answers } from '../output.js';
import { type EraseOptions } from './erase-customers.js';

const HELP = `
Removes the personal data of customers, deleted or not, and of their contacts and events. It cannot be undone.
Erasing a customer again prints the same receipt. A stopped erasure of a team continues when the command is repeated.`;

/** Erases the personal data of customers. */
export function addEraseCommand(program: Command, io: CommandIo): void {
  audited(answers(program.command('erase')))
    .description('erase the personal data of a customer, or of all customers of a team')
    .option('--customer <id>', 'customer ID', idArgument)
    .option('--team <id>', 'erase all customers of this team', idArgument)
    .option('--yes', 'do not ask for confirmation')
    .addHelpText('after', HELP)
    .action(async (options: EraseOptions) => {
      const { eraseCustomers } = await import('./erase-customers.js');
      await eraseCustomers(io, options);
    });
}
