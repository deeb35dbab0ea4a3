import { type Command } from 'commander';
import { delimiterArgument, idArgument } from '../arguments.js';
import { audited } from '../audited.js';
import { type CommandIo } from '../command-io.js';
import { type ExportOptions } from './export-customers.js';

const HELP = `
Examples:
  customer-gateway export --team ID customers.csv
  customer-gateway export --team ID --json | jq .email

The columns are those of \`import\`, with as many contact and metadata columns as needed, so an exported file can be
imported again. The export is a consistent snapshot. Deleted customers are not exported.

Cells are written as stored. A spreadsheet runs cells that begin with = + - or @ as formulas, and anyone who can create a
customer can write such a cell. Open the file as text, or use --for-spreadsheets, which puts a ' before these cells and
begins the file with a byte order mark. An import removes both, so the file imports unchanged.`;

/** Exports customers to a file. */
export function addExportCommand(program: Command, io: CommandIo): void {
  audited(program.command('export'))
    .description('export the customers of a team as CSV')
    .argument('[file]', 'output file, created when the export is complete; stdout by default')
    .requiredOption('--team <id>', 'team ID', idArgument)
    .option(
      '--delimiter <character>',
      'cell delimiter: one character, or the word tab',
      delimiterArgument,
      ',',
    )
    .option(
      '--for-spreadsheets',
      'escape cells that a spreadsheet would run as formulas, and begin with a byte order mark',
    )
    .option('--json', 'write JSON Lines: one customer per line, as returned by the API')
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, options: ExportOptions) => {
      const { exportCustomers } = await import('./export-customers.js');
      await exportCustomers(io, file, options);
    });
}
