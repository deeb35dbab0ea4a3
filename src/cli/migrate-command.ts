import { type Command } from 'commander';
import { readConfig } from '../config/config.js';
import { openDatabase } from '../orm/database.js';
import { migrate } from '../orm/migrate.js';
import { type CommandIo } from './command-io.js';
import { answers, type OutputOptions, print } from './output.js';

/** Migrations, without serving. */
export function addMigrateCommand(program: Command, io: CommandIo): void {
  answers(
    program
      .command('migrate')
      .description('apply the migrations that the database lacks, as the gateway does when it starts'),
  ).action(async (options: OutputOptions) => {
    const database = await openDatabase(readConfig(io.env));
    try {
      const applied = await migrate(database.url, {
        // Not among the answers that a script reads.
        onWait: () => {
          io.stderr.write('Another one is migrating; waiting for it.\n');
        },
      });
      print(
        io,
        options,
        { applied },
        applied.length === 0 ? 'Nothing to migrate.' : `Applied ${applied.join(', ')}.`,
      );
    } finally {
      await database.close();
    }
  });
}
