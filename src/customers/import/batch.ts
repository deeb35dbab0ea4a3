import { createHash } from 'node:crypto';
import { v7 } from 'uuid';
import { type CsvDraft } from '../csv/read-row.js';
import { type CommandActor } from '../events/actor.js';
import { type CustomerKey } from '../upsert/upsert-customer.result.js';

/** One import, including its restarts after an interruption. */
export interface ImportIdentity {
  readonly importId: string;
  /** When it was first started, in ms since the epoch. */
  readonly startedAt: number;
}

/** A valid row, by its number in the file, from 0. */
export interface ImportRow extends CsvDraft {
  readonly row: number;
}

/** Rows that are imported together, and have their progress recorded together. */
export interface ImportBatch {
  readonly teamId: string;
  readonly identity: ImportIdentity;
  /** At most 100. */
  readonly rows: readonly ImportRow[];
}

/** A batch whose rows update the customers with the same email or external ID. */
export interface UpsertBatch extends ImportBatch {
  readonly by: CustomerKey;
  /** Whether an earlier attempt was interrupted, and can have stored rows of the batch. */
  readonly isRepeated: boolean;
}

/** The ID of the customer that a row creates: a UUID, version 7, of the import's time and the row's number. */
export function importedUuid(identity: ImportIdentity, row: number): string {
  return uuidOf(identity, row, `${row}`);
}

/** The batch as the actor of its changes. Their events have the ID of the batch, which is the same in each attempt. */
export function actorOf({ teamId, identity, rows: [first] }: ImportBatch): Required<CommandActor> {
  const row = first?.row ?? 0;
  return { teamId, command: 'import', batchId: uuidOf(identity, row, `batch:${row}`) };
}

function uuidOf({ importId, startedAt }: ImportIdentity, seq: number, text: string): string {
  return v7({ msecs: startedAt, seq, random: createHash('sha256').update(`${importId}:${text}`).digest() });
}
