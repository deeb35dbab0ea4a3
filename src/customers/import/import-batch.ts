import { createHash } from 'node:crypto';
import { type MikroORM } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { Conflict } from '../conflict.type.js';
import { createChecked } from '../create/create-rows.js';
import { type CustomerDraft } from '../customer-rules.js';
import { type CustomerRepository } from '../customer-repository.js';
import { Customer } from '../customer.entity.js';
import { assignIds } from '../new-customer.js';

/** One import, including its restarts after an interruption. */
export interface ImportIdentity {
  readonly importId: string;
  /** When it was first started, in ms since the epoch. */
  readonly startedAt: number;
}

/** A row to create, by its number in the file, from 0. */
export interface NumberedDraft {
  readonly row: number;
  readonly draft: CustomerDraft;
}

/**
 * Creates the customers of at most 100 rows, independently of each other. Each row is created at most once for any number of calls,
 * because its customer always has the same ID: a batch whose caller was killed is found again, even if it is still being stored. A
 * customer that has been created and deleted since counts as created.
 *
 * @returns the conflicts by row number. A row without an entry was created.
 */
export async function importBatch(
  { orm, customers }: { readonly orm: MikroORM; readonly customers: CustomerRepository },
  teamId: string,
  identity: ImportIdentity,
  rows: readonly NumberedDraft[],
): Promise<ReadonlyMap<number, Conflict>> {
  const drafts = rows.map(({ row, draft }) => ({ ...assignIds(draft), uuid: importedUuid(identity, row) }));
  const outcomes = await createChecked(
    customers,
    { teamId, command: 'import' },
    drafts.map((draft) => ({ draft })),
  );
  const conflicts = rows.flatMap(({ row }, index) => {
    const outcome = outcomes[index];
    return outcome instanceof Conflict ? [[row, outcome] as const] : [];
  });
  if (conflicts.length === 0) return new Map();

  const uuids = conflicts.map(([row]) => importedUuid(identity, row));
  const found = await orm.em
    .fork()
    .find(Customer, { team: teamId, uuid: { $in: uuids } }, { fields: ['uuid'] });
  const stored = new Set(found.map(({ uuid }) => uuid));
  return new Map(conflicts.filter(([row]) => !stored.has(importedUuid(identity, row))));
}

/** The id of a row's customer: a UUID, version 7, of the import's time and the row's number. */
function importedUuid({ importId, startedAt }: ImportIdentity, row: number): string {
  const random = createHash('sha256').update(`${importId}:${row}`).digest();
  return v7({ msecs: startedAt, seq: row, random });
}
