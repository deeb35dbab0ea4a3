import type pg from 'pg';
import { appliedMigrations, knownMigrations } from './pending-migrations.js';

/** A migration of this release or of the database. `unknown`: applied by another release. */
export interface ListedMigration {
  readonly migration: string;
  readonly state: 'applied' | 'pending' | 'unknown';
}

/** The migrations of this release and those of the database, in the order of their names. Changes nothing. */
export async function listMigrations(client: Pick<pg.ClientBase, 'query'>): Promise<ListedMigration[]> {
  const known = await knownMigrations();
  const applied = await appliedMigrations(client);
  const unknown = applied.filter((migration) => !known.includes(migration));
  return [...known, ...unknown].toSorted().map((migration) => {
    if (!known.includes(migration)) return { migration, state: 'unknown' };
    return { migration, state: applied.includes(migration) ? 'applied' : 'pending' };
  });
}
