import 'reflect-metadata';
import { readConfig } from '../config.js';
import { openDatabase } from '../database/database.js';
import { migrate } from '../database/migrate.js';

/** Applies the migrations that the configured database lacks. `npm start` does so too. */
const database = await openDatabase(readConfig(process.env));
try {
  const applied = await migrate(database.url, {
    onWait: () => process.stdout.write('Another one is migrating; waiting for it.\n'),
  });
  process.stdout.write(applied.length === 0 ? 'Nothing to migrate.\n' : `Applied ${applied.join(', ')}.\n`);
} finally {
  await database.close();
}
