import { createHash, randomFillSync } from 'node:crypto';
import { parse, v7 } from 'uuid';

const BYTES_PER_UUID = 16;

/** A system call for random bytes costs far more than the bytes, so one gets many. */
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

/** UUIDs made from one block of bytes: a hash costs far more than its bytes. */
const UUIDS_PER_BLOCK = 64;

/**
 * UUIDs, version 7, made from another one: the same ones in the same order each time, with its time. A reader who does not know
 * the seed can neither guess them nor see that they belong together.
 */
export function* uuidsFrom(seed: string): Generator<string, never> {
  const msecs = Buffer.from(parse(seed)).readUIntBE(0, 6);
  for (let block = 0; ; block += 1) {
    const random = createHash('shake256', { outputLength: UUIDS_PER_BLOCK * BYTES_PER_UUID })
      .update(`${seed}:${block}`)
      .digest();
    for (let start = 0; start < random.length; start += BYTES_PER_UUID) {
      yield v7({ msecs, random: random.subarray(start, start + BYTES_PER_UUID) });
    }
  }
}
