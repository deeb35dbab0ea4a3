import { type MikroORM } from '@mikro-orm/postgresql';

/**
 * Applies the migrations that the database lacks, each in a transaction with its entry in the list of applied ones.
 *
 * @returns the names of those applied now.
 */
export async function migrate(orm: MikroORM): Promise<string[]> {
  const applied = await orm.migrator.up();
  return applied.map((migration) => migration.name);
}
