import { type Command } from 'commander';
import { delimiterArgument, idArgument } from '../arguments.js';
import { type CommandIo } from '../command-io.js';
import { answers } from '../output.js';
import { type ImportOptions } from './import-file.js';

const HELP = `
Example:
  customer-gateway import customers.csv --team ID

The first line names the columns: customer and email, and as you need them mainPhone, website, status, externalId,
notes, taxNumber, paymentTerm, billingAddress.street (city, state, zipCode, country), shippingAddress.…,
contacts.0.firstName (lastName, email, phone, isPrimary) up to contacts.49.…, and metadata.KEY for a key of your own.
An empty cell is absent. The file is UTF-8; it is checked whole before anything is stored.

Rows that break a rule, or whose email or external id is taken, go to customers.rejected.csv with the line and the
problems; mend them there and import that file. What was stopped, or killed, goes on when it is run again: how far it
is stands in customers.progress.json. Ends with 1 when rows were rejected or when it was stopped.`;

/** Customers of a file. */
export function addImportCommand(program: Command, io: CommandIo): void {
  answers(program.command('import').description('create the customers of a CSV file'))
    .argument('<file>', 'the CSV file')
    .requiredOption('--team <id>', 'the team that is to have them', idArgument)
    .option('--delimiter <character>', 'what stands between cells; or the word tab', delimiterArgument, ',')
    .addHelpText('after', HELP)
    .action(async (source: string, options: ImportOptions) => {
      // Read only for an import: the rules for customers take longer to load than most commands take.
      const { importFile } = await import('./import-file.js');
      await importFile(io, source, options);
    });
}
