import { expect, test } from 'vitest';
import { ClientTurns } from '../../src/concurrency/client-turns.js';
import { FairStart } from '../../src/concurrency/fair-start.js';

const starts = new FairStart();

const UNAVAILABLE = { name: 'Unavailable', dependency: 'capacity' };

test('two requests of a client have their turn at once, a third one waits, and another client does not', async () => {
  const turns = new ClientTurns(2, 10_000, starts);
  const [first, second, third] = [turns.turnOf('a'), turns.turnOf('a'), turns.turnOf('a')];
  await Promise.all([first.take(), second.take()]);
  await turns.turnOf('b').take();
  let hasTurn = false;
  const waiting = third.take().then(() => (hasTurn = true));
  await new Promise(setImmediate);
  expect(hasTurn).toBe(false);
  first.end();
  expect(await waiting).toBe(true);
});

test('a request has one turn, however often it takes it', async () => {
  const turns = new ClientTurns(1, 10_000, starts);
  const turn = turns.turnOf('a');
  await Promise.all([turn.take(), turn.take()]);
  turn.end();
  turn.end();
  const next = turns.turnOf('a');
  await next.take();
  await expect(new ClientTurns(1, 1, starts).turnOf('a').take()).resolves.toBeUndefined();
});

test('a request that waits for too long is given up, and its place goes to the next one', async () => {
  const turns = new ClientTurns(1, 50, starts);
  const first = turns.turnOf('a');
  await first.take();
  await expect(turns.turnOf('a').take()).rejects.toMatchObject(UNAVAILABLE);
  const next = turns.turnOf('a').take();
  first.end();
  await expect(next).resolves.toBeUndefined();
});

test('a request that ends while it waits gives its turn back', async () => {
  const turns = new ClientTurns(1, 10_000, starts);
  const first = turns.turnOf('a');
  await first.take();
  const gone = turns.turnOf('a');
  const taken = gone.take();
  gone.end();
  first.end();
  await taken;
  await expect(turns.turnOf('a').take()).resolves.toBeUndefined();
});

test('a request of a client that pauses has its turn after the pause', async () => {
  let clock = 0;
  const pausing = new FairStart(10_000, 0, () => clock);
  const turns = new ClientTurns(1, 10_000, pausing);
  const first = turns.turnOf('a');
  await first.take();
  await Promise.all([pausing.turnOf('a'), pausing.turnOf('b')]);
  for (let times = 0; times < 2; times += 1) pausing.addBytes('a', 0, 1_000_000);
  first.end();
  let hasTurn = false;
  const waiting = turns
    .turnOf('a')
    .take()
    .then(() => (hasTurn = true));
  await turns.turnOf('b').take();
  await new Promise(setImmediate);
  expect(hasTurn).toBe(false);
  clock += 500;
  // The gateway sees the end of the pause when it looks again.
  await pausing.turnOf('b');
  expect(await waiting).toBe(true);
});

test('at most 100 requests of a client wait', async () => {
  const turns = new ClientTurns(1, 200, starts);
  const taken = Array.from({ length: 102 }, () => turns.turnOf('a').take());
  await expect(taken[101]).rejects.toMatchObject(UNAVAILABLE);
  const outcomes = await Promise.allSettled(taken);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});
