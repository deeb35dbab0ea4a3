import { type Command } from 'commander';
import { readConfig } from '../config/config.js';
import { openDatabase } from '../orm/database.js';
import { migrate } from '../orm/migrate.js';
import { type CommandIo } from './command-io.js';
import { answers, type OutputOptions, print } from './output.js';

/** Applies migrations without starting the gateway. */
export function addMigrateCommand(program: Command, io: CommandIo): void {
  answers(
    program.command('migrate').description('apply pending migrations, as the gateway does when it starts'),
  ).action(async (options: OutputOptions) => {
    const database = await openDatabase(readConfig(io.env));
    try {
      const applied = await migrate(database.directUrl, {
        // Not to stdout, which scripts read.
        onWait: () => {
          io.stderr.write('Another process is migrating the database; waiting for it to finish.\n');
        },
      });
      print(
        io,
        options,
        { applied },
        applied.length === 0 ? 'No pending migrations.' : `Applied ${applied.join(', ')}.`,
      );
    } finally {
      await database.close();
    }
  });
}
