import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { FairStart } from '../../src/http/fair-start.js';

/** Keeps the main thread busy. */
function work(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test('a request starts at once while there is time', async () => {
  const starts = new FairStart();
  const order: string[] = [];
  for (let index = 0; index < 3; index += 1) void starts.turnOf('a').then(() => order.push('a'));
  await Promise.resolve();
  await Promise.resolve();
  expect(order).toEqual(['a', 'a', 'a']);
});

test('of a client with many expensive requests one starts between those of others', async () => {
  const starts = new FairStart();
  const order: string[] = [];
  const begin = async (client: string, ms: number) => {
    await starts.turnOf(client);
    order.push(client);
    work(ms);
  };
  await begin('greedy', 10);
  const all = [
    ...Array.from({ length: 5 }, () => begin('greedy', 10)),
    begin('first', 0),
    begin('second', 0),
    begin('first', 0),
  ];
  await Promise.all(all);
  expect(order).toEqual([
    'greedy',
    'greedy',
    'first',
    'second',
    'greedy',
    'first',
    'greedy',
    'greedy',
    'greedy',
  ]);
});

test('everything else gets a turn between two expensive requests', async () => {
  const starts = new FairStart();
  await starts.turnOf('a');
  work(10);
  let turns = 0;
  const count = () => {
    turns += 1;
    counting = setImmediate(count);
  };
  let counting = setImmediate(count);
  await Promise.all(Array.from({ length: 8 }, () => starts.turnOf('a').then(() => work(10))));
  clearImmediate(counting);
  expect(turns).toBeGreaterThanOrEqual(7);
});

test('it comes to rest, and starts at once again', async () => {
  const starts = new FairStart();
  await Promise.all(Array.from({ length: 5 }, () => starts.turnOf('a').then(() => work(10))));
  await nextTurn();
  await nextTurn();
  const order: string[] = [];
  void starts.turnOf('b').then(() => order.push('b'));
  await Promise.resolve();
  await Promise.resolve();
  expect(order).toEqual(['b']);
});
