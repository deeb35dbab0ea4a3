import { type Command, Option } from 'commander';
import { layouts } from '../../customers/csv/layouts/layouts.js';
import { delimiterArgument, idArgument } from '../arguments.js';
import { audited } from '../audited.js';
import { type CommandIo } from '../command-io.js';
import { answers } from '../output.js';
import { type ImportOptions } from './import-file.js';

const HELP = `
Examples:
  customer-gateway import customers.csv --team ID --dry-run
  customer-gateway import shopify.csv --team ID
  customer-gateway import other.csv --team ID --map "Firm=customer" --map "Mail=email"

The exports of known products are recognized by their columns. In other files, columns are matched by their names without
regard to case, spaces and punctuation, such as Customer Name, E-mail or Billing City. What is read from which column is
printed. customer and email are required. Optional fields: mainPhone, website, status, externalId, notes, taxNumber,
paymentTerm, billingAddress.street (city, state, zipCode, country), shippingAddress.…, contacts.0.firstName (lastName,
email, phone, isPrimary) up to contacts.49.…, and metadata.KEY for each metadata key. Empty cells are ignored. The file's
format is checked before anything is stored.

With --upsert, a row updates the customer with the same email or external ID. Only values in the file are set: missing
columns and empty cells leave a field unchanged, and contacts are replaced as a whole if the row has any. Of two rows with
the same key, the later one counts. The same file can be imported every night.

An optional field that is not valid is left out and listed in customers.notes.csv. Rows that are not valid, or whose email
or external ID is taken, are written to customers.rejected.csv with their line number and problems. Correct them there and
import that file. The next import keeps that file as customers.rejected.previous.csv. To resume an import that was stopped
or killed, run the same command again: its checkpoint is in customers.progress.json. If the file has changed since,
--upsert starts from its first row.

Exits with 0 if every row was imported, with 1 if rows were rejected or the import was stopped, and with 2 if the file or
the options are not valid; then nothing was stored.`;

/** Imports customers from a file. */
export function addImportCommand(program: Command, io: CommandIo): void {
  audited(answers(program.command('import')))
    .description('create or update customers from a CSV file')
    .argument('<file>', 'CSV file')
    .requiredOption('--team <id>', 'team ID', idArgument)
    .addOption(
      new Option('--from <product>', 'the product that wrote the file; detected by default').choices(
        layouts.map(({ name }) => name),
      ),
    )
    .option(
      '--map <columns=field>',
      'read a field from a column, or from several joined by +; ignore in place of a field; repeatable, the first column that is not blank counts',
      collected,
    )
    .option('--mapping <file>', 'read the mapping of columns from a file')
    .option(
      '--interactive',
      'on a terminal: show each column with a sample, change its field, and save the mapping',
    )
    .addOption(
      new Option('--others <what>', 'columns that fill no field')
        .choices(['ignore', 'metadata', 'refuse'])
        .default('ignore'),
    )
    .option('--dry-run', 'check every row and print what an import would do, without storing anything')
    .option('--strict', 'reject a row if any of its fields is not valid, also an optional one')
    .option('--encoding <name>', 'encoding of the file, such as windows-1252; detected by default')
    .option(
      '--delimiter <character>',
      'cell delimiter: one character, or the word tab; detected by default',
      delimiterArgument,
    )
    .addOption(
      new Option('--upsert <field>', 'update the customer with the same value of this field').choices([
        'email',
        'externalId',
      ]),
    )
    .addHelpText('after', HELP)
    .action(async (source: string, options: ImportOptions) => {
      // Read only for an import: the rules for customers take longer to load than most commands take.
      const { importFile } = await import('./import-file.js');
      await importFile(io, source, options);
    });
}

const collected = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value];
