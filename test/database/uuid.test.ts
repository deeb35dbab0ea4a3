import { expect, test } from 'vitest';
import { newUuid, uuidsFrom } from '../../src/database/uuid.js';

const VERSION_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The time in a UUID of version 7: its first 48 bits (RFC 9562, 5.7). */
const msOf = (uuid: string) => Number.parseInt(uuid.replace('-', '').slice(0, 12), 16);

test('ids are UUIDs of version 7, no two alike, also across more of them than random bytes were asked for', () => {
  const before = Date.now();
  const uuids = Array.from({ length: 2_000 }, () => newUuid());
  const after = Date.now();

  expect(new Set(uuids).size).toBe(uuids.length);
  for (const uuid of uuids) {
    expect(uuid).toMatch(VERSION_7);
    expect(msOf(uuid)).toBeGreaterThanOrEqual(before);
    expect(msOf(uuid)).toBeLessThanOrEqual(after);
  }
});

test('no random bits are used for two ids', () => {
  const tails = Array.from({ length: 2_000 }, () => newUuid().slice(-12));
  expect(new Set(tails).size).toBe(tails.length);
});

test('a seed gives the same ids in the same order each time, with its time, no two alike', () => {
  const seed = newUuid();
  const from = (uuid: string) => {
    const ids = uuidsFrom(uuid);
    return Array.from({ length: 2_000 }, () => ids.next().value);
  };
  const uuids = from(seed);

  expect(from(seed)).toEqual(uuids);
  expect(new Set([seed, ...uuids, ...from(newUuid())]).size).toBe(4_001);
  for (const uuid of uuids) {
    expect(uuid).toMatch(VERSION_7);
    expect(msOf(uuid)).toBe(msOf(seed));
  }
});
