import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { FairStart } from '../../src/concurrency/fair-start.js';

let clock: number;
let starts: FairStart;
let order: string[];
beforeEach(() => {
  clock = 0;
  starts = new FairStart(10_000, 0, () => clock);
  order = [];
});

/** Sends a request that keeps the main thread for so long, by the clock of the test. */
async function send(client: string, ms: number): Promise<void> {
  await starts.turnOf(client);
  order.push(client);
  clock += ms;
}

const many = (count: number, client: string, ms: number) =>
  Array.from({ length: count }, () => send(client, ms));

test('cheap requests all start in the same turn of the event loop', async () => {
  void Promise.all([send('a', 0), send('b', 0), ...many(10, 'a', 0.1)]);
  await nextTurn();
  expect(order).toHaveLength(12);
});

test('requests of several clients start in turns, however many each has sent', async () => {
  await Promise.all([...many(3, 'greedy', 0), send('first', 0), send('second', 0), send('first', 0)]);
  expect(order).toEqual(['greedy', 'first', 'second', 'greedy', 'first', 'greedy']);
});

test('of expensive requests one starts in each turn of the event loop', async () => {
  const all = Promise.all(many(4, 'alone', 10));
  for (const started of [1, 2, 3, 4]) {
    await nextTurn();
    expect(order).toHaveLength(started);
  }
  await all;
});

test('a client with expensive requests pauses after the second one while others are active', async () => {
  await send('modest', 0);
  const all = Promise.all(many(3, 'greedy', 20));
  for (let turn = 0; turn < 10; turn += 1) await send('modest', 0);
  expect(order.filter((client) => client === 'greedy')).toHaveLength(2);
  // The pause of 1,500 ms is over by the clock of the test, which the gateway sees when it looks again.
  clock += 1_500;
  await send('modest', 0);
  await all;
  expect(order.filter((client) => client === 'greedy')).toHaveLength(3);
});

test('goes on by itself after a pause', async () => {
  await send('modest', 0);
  const all = Promise.all(many(3, 'greedy', 10));
  while (order.length < 3) await nextTurn();
  clock += 500;
  await all;
  expect(order).toEqual(['modest', 'greedy', 'greedy', 'greedy']);
});

test('one expensive request makes no client pause, nor do two that are far apart', async () => {
  for (let round = 0; round < 5; round += 1) {
    await send('modest', 0);
    await send('unlucky', 50);
    await nextTurn();
    clock += 1_000;
  }
  expect(order).toHaveLength(10);
});

test('a client with few expensive requests among many does not pause', async () => {
  for (let round = 0; round < 20; round += 1) {
    await send('modest', 0);
    await send('busy', 20);
    await Promise.all(many(3, 'busy', 1));
  }
  expect(order.filter((client) => client === 'busy')).toHaveLength(80);
});

test('a client pauses that sends a cheap request after each expensive one', async () => {
  const all = Promise.all(Array.from({ length: 5 }, () => [send('greedy', 20), send('greedy', 0)]).flat());
  for (let turn = 0; turn < 20; turn += 1) await send('modest', 0);
  expect(order.filter((client) => client === 'greedy').length).toBeLessThan(10);
  while (order.length < 30) {
    clock += 1_500;
    await nextTurn();
  }
  await all;
});

test('no client pauses while the code is not compiled yet', async () => {
  starts = new FairStart(10_000, 20, () => clock);
  await send('first', 0);
  await Promise.all(many(19, 'second', 50));
  expect(order).toHaveLength(20);
});

test('a client that is alone does not pause', async () => {
  await Promise.all(many(20, 'alone', 50));
  expect(order).toHaveLength(20);
});

describe('a client with large bodies and responses', () => {
  beforeEach(async () => {
    await send('greedy', 0);
    await send('modest', 0);
  });

  /** Whether the client waits for the end of a pause. */
  async function pauses(client: string): Promise<boolean> {
    let isOver = false;
    void starts.endOfPause(client).then(() => (isOver = true));
    await nextTurn();
    return !isOver;
  }

  test('pauses after the second one while others are active', async () => {
    starts.addBytes('greedy', 0, 1_000_000);
    expect(await pauses('greedy')).toBe(false);
    starts.addBytes('greedy', 0, 1_000_000);
    expect([await pauses('greedy'), await pauses('modest')]).toEqual([true, false]);
    clock += 500;
    expect(await pauses('greedy')).toBe(false);
  });

  test.each([
    ['pauses for as long as the work on the bytes would cause', 400_000, 500_000, 1_000],
    ['pauses for 8 s at most', 1_000_000, 100_000_000, 8_000],
  ])('%s', async (_title, bodyBytes, responseBytes, pauseMs) => {
    for (let times = 0; times < 2; times += 1) starts.addBytes('greedy', bodyBytes, responseBytes);
    clock += pauseMs - 1;
    expect(await pauses('greedy')).toBe(true);
    clock += 1;
    expect(await pauses('greedy')).toBe(false);
  });

  test('does not pause for less than 5 ms of work, or when it is alone', async () => {
    for (let times = 0; times < 10; times += 1) starts.addBytes('greedy', 100_000, 250_000);
    expect(await pauses('greedy')).toBe(false);
    clock += 2_000;
    await send('alone', 0);
    for (let times = 0; times < 10; times += 1) starts.addBytes('alone', 1_000_000, 10_000_000);
    expect(await pauses('alone')).toBe(false);
  });
});

test('a request whose turn comes too late is refused', async () => {
  starts = new FairStart(15, 0, () => clock);
  const outcomes = await Promise.allSettled(many(4, 'a', 10));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
  expect(outcomes[3]).toMatchObject({ reason: { name: 'Unavailable', dependency: 'capacity' } });
});

test('comes to rest, and goes on', async () => {
  await Promise.all(many(3, 'a', 10));
  await sleep(20);
  await send('b', 0);
  expect(order).toEqual(['a', 'a', 'a', 'b']);
});
