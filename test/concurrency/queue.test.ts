import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { Queue } from '../../src/concurrency/queue.js';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

test('items leave in the order they came', () => {
  const queue = new Queue<number>();
  for (let index = 0; index < 1_000; index += 1) queue.push(index);
  const left: (number | undefined)[] = [];
  while (queue.length > 0) {
    left.push(queue.first);
    queue.shift();
  }
  expect(left).toEqual(Array.from({ length: 1_000 }, (_, index) => index));
  queue.shift();
  expect([queue.length, queue.first, queue.last]).toEqual([0, undefined, undefined]);
});

test('an item that has left is not kept in memory', async () => {
  const queue = new Queue<object>();
  queue.push({});
  queue.push({});
  const item = new WeakRef(queue.first ?? {});
  queue.shift();
  // What was read in this turn of the event loop is collected after it.
  await new Promise(setImmediate);
  collectGarbage();
  expect(item.deref()).toBeUndefined();
  expect(queue.length).toBe(1);
});
