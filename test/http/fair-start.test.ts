import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { FairStart } from '../../src/http/fair-start.js';

/** Keeps the main thread busy. */
function work(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test('cheap requests all start in the same turn of the event loop', async () => {
  const starts = new FairStart();
  const order: string[] = [];
  for (const client of ['a', 'b', 'a']) void starts.turnOf(client).then(() => order.push(client));
  await nextTurn();
  expect(order).toEqual(['a', 'b', 'a']);
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
  const others = ['first', 'second', 'first'];
  expect(order).toEqual(['greedy', ...others, ...Array.from({ length: 5 }, () => 'greedy')]);
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

test('it comes to rest, and goes on', async () => {
  const starts = new FairStart();
  await Promise.all(Array.from({ length: 5 }, () => starts.turnOf('a').then(() => work(10))));
  await sleep(50);
  const order: string[] = [];
  void starts.turnOf('b').then(() => order.push('b'));
  await nextTurn();
  expect(order).toEqual(['b']);
});

test('a client with expensive requests pauses while others are active, and they do not', async () => {
  const starts = new FairStart();
  const greedy = async () => {
    await starts.turnOf('greedy');
    work(20);
  };
  await starts.turnOf('modest');
  await greedy();
  const doneBefore: number[] = [];
  let done = 0;
  const all = Promise.all(Array.from({ length: 4 }, () => greedy().then(() => (done += 1))));
  for (let index = 0; index < 300; index += 1) {
    await starts.turnOf('modest');
    doneBefore.push(done);
    await sleep(1);
  }
  await all;
  // Several requests of the other client start in each pause of 80 ms.
  for (const count of [1, 2, 3]) expect(doneBefore.filter((it) => it === count).length).toBeGreaterThan(3);
});

test('a client that is alone does not pause', async () => {
  const starts = new FairStart();
  await starts.turnOf('alone');
  work(10);
  let waits = 0;
  const all = Promise.all(
    Array.from({ length: 5 }, async () => {
      await starts.turnOf('alone');
      work(10);
    }),
  );
  const timer = setInterval(() => (waits += 1), 5);
  await all;
  clearInterval(timer);
  // A pause would be 40 ms long; without one the timer runs about once after each request.
  expect(waits).toBeLessThan(10);
});
