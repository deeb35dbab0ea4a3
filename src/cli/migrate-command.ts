import { type Command } from 'commander';
import { readConfig } from '../config/config.js';
import { type Database, openDatabase } from '../orm/database.js';
import { listMigrations } from '../orm/list-migrations.js';
import { migrate } from '../orm/migrate.js';
import { migrateTo, type SchemaChange } from '../orm/migrate-to.js';
import { type WaitReason } from '../orm/migration-lock.js';
import { knownMigrations } from '../orm/pending-migrations.js';
import { type CommandIo } from './command-io.js';
import { answers, type OutputOptions, print } from './output.js';
import { UsageError } from './usage-error.js';

const HELP = `
Without --to, also builds the indexes that the start of a gateway leaves pending. docs/upgrading.md describes upgrades and
the way back. Going back refuses to delete data, and lists it, unless --allow-data-loss is given.

Example, back to the schema of an older release:
  customer-gateway migrate --to Migration20261129095901_import_batches`;

interface MigrateCommandOptions extends OutputOptions {
  readonly to?: string;
  readonly allowDataLoss?: true;
  readonly list?: true;
}

/** Changes the schema without starting the gateway. */
export function addMigrateCommand(program: Command, io: CommandIo): void {
  answers(program.command('migrate').description('apply pending migrations, or go back to an older schema'))
    .option('--to <migration>', 'migrate to the schema after this migration, forwards or back')
    .option('--allow-data-loss', 'with --to: delete what the older schema has no place for')
    .option('--list', 'only print which migrations are applied and pending')
    .addHelpText('after', HELP)
    .action(async (options: MigrateCommandOptions) => {
      await checkOptions(options);
      const database = await openDatabase(readConfig(io.env));
      try {
        if (options.list) await printMigrations(io, options, database);
        else printChange(io, options, await changeSchema(io, options, database));
      } finally {
        await database.close();
      }
    });
}

/** @throws {UsageError} if options contradict each other, or the release has no such migration. */
async function checkOptions({ to, allowDataLoss, list }: MigrateCommandOptions): Promise<void> {
  if (list && to !== undefined) throw new UsageError('--list and --to cannot be combined.');
  if (allowDataLoss && to === undefined) throw new UsageError('--allow-data-loss requires --to.');
  if (to === undefined || (await knownMigrations()).includes(to)) return;
  throw new UsageError(
    `--to must be a migration of this release; \`customer-gateway migrate --list\` prints them.`,
  );
}

async function changeSchema(
  io: CommandIo,
  { to, allowDataLoss = false }: Pick<MigrateCommandOptions, 'to'> & { readonly allowDataLoss?: boolean },
  { directUrl }: Database,
): Promise<SchemaChange> {
  // Not to stdout, which scripts read.
  const onWait = (reason: WaitReason) => {
    io.stderr.write(`Waiting: ${reason}.\n`);
  };
  if (to !== undefined) return migrateTo(directUrl, to, { onWait, allowDataLoss });
  return { applied: await migrate(directUrl, { onWait }), reverted: [] };
}

function printChange(io: CommandIo, options: OutputOptions, change: SchemaChange): void {
  const { applied, reverted } = change;
  const lines = [
    ...(applied.length > 0 ? [`Applied ${applied.join(', ')}.`] : []),
    ...(reverted.length > 0 ? [`Reverted ${reverted.join(', ')}.`] : []),
  ];
  print(io, options, change, lines.join('\n') || 'No pending migrations.');
}

async function printMigrations(io: CommandIo, options: OutputOptions, { orm }: Database): Promise<void> {
  const migrations = await listMigrations(await orm.em.getConnection().getNativeClient());
  const lines = migrations.map(({ migration, state }) => `${state.padEnd('applied'.length)}  ${migration}`);
  print(io, options, migrations, lines.join('\n'));
}
