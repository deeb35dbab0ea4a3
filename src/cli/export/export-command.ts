import { type Command } from 'commander';
import { delimiterArgument, idArgument } from '../arguments.js';
import { type CommandIo } from '../command-io.js';
import { type ExportOptions } from './export-customers.js';

const HELP = `
Examples:
  customer-gateway export --team ID customers.csv
  customer-gateway export --team ID --json | jq .email

The columns are those of \`import\`, with as many contacts and keys of metadata as there are; all that a customer can be
created with comes back when the file is imported. All customers are as they are at one moment. Deleted ones are left out.

Cells are written as they are stored, and a spreadsheet runs a cell that begins with = + - or @ as a formula, which
whoever can create a customer can make. Open such a file as text, or write it with --for-spreadsheets, which puts a '
before them; what it changes, phone numbers such as +1 555 too, is not as it was when that file is imported.`;

/** Customers as a file. */
export function addExportCommand(program: Command, io: CommandIo): void {
  program
    .command('export')
    .description('write the customers of a team as CSV')
    .argument('[file]', 'the file to write, which takes its name once it is whole; without it stdout')
    .requiredOption('--team <id>', 'whose customers', idArgument)
    .option('--delimiter <character>', 'what stands between cells; or the word tab', delimiterArgument, ',')
    .option('--for-spreadsheets', 'keep spreadsheets from running cells as formulas')
    .option('--json', 'write JSON Lines, for scripts: a customer a line, as the API answers it')
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, options: ExportOptions) => {
      const { exportCustomers } = await import('./export-customers.js');
      await exportCustomers(io, file, options);
    });
}
