import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const BYTES_PER_UUID = 16;

/** Asking the system for random bytes costs far more than the bytes, so many are asked for at once. */
const pool = new Uint8Array(256 * BYTES_PER_UUID);
let used = pool.length;

/** A new UUID, version 7 (RFC 9562, 5.7): ids that are made one after another lie together in an index. */
export function newUuid(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, used + BYTES_PER_UUID);
  used += BYTES_PER_UUID;
  return v7({ random });
}
