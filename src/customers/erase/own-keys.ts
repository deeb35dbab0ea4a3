import { uuidsFrom } from '../../database/uuid.js';
import { limits } from '../limits.js';
import { type TeamKey } from './erase-row.statement.js';

/** An idempotency key of a call that created customers at the same time as the erased one. */
export interface CandidateKey extends TeamKey {
  /** Null for a key of a gateway before `seed`. */
  readonly seed: string | null;
  /** Rows of the call. Null like `seed`. */
  readonly rows: number | null;
  /** Whether such a key has the customer. Null for others. */
  readonly isOwn: boolean | null;
}

/** The idempotency keys of the call that created a customer. The IDs of the customers and contacts of a call are made from its seed. */
export function ownKeys(candidates: readonly CandidateKey[], uuid: string): CandidateKey[] {
  return candidates.filter(
    ({ seed, rows, isOwn }) => isOwn ?? (seed !== null && isMadeFrom(seed, rows ?? 0, uuid)),
  );
}

function isMadeFrom(seed: string, rows: number, uuid: string): boolean {
  // The first one is that of the first customer. Those of the others are among the IDs of contacts.
  const most = rows > 1 ? rows * (1 + limits.contacts) : 1;
  const uuids = uuidsFrom(seed);
  for (let made = 0; made < most; made += 1) if (uuids.next().value === uuid) return true;
  return false;
}
