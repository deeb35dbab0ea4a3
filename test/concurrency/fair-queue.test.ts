import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FairQueue } from '../../src/concurrency/fair-queue.js';

function drain<Item>(queue: FairQueue<Item>): Item[] {
  const items: Item[] = [];
  for (let item = queue.first; item !== undefined; item = queue.first) {
    items.push(item);
    queue.shift();
  }
  return items;
}

test('clients have turns: of each one item, in order, then of the next', () => {
  const queue = new FairQueue<string>();
  for (const item of ['a1', 'a2', 'a3', 'b1', 'b2', 'c1']) queue.push(item.charAt(0), item);
  expect(queue.lengthOf('a')).toBe(3);
  expect(drain(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
  expect([queue.length, queue.lengthOf('a')]).toEqual([0, 0]);
});

test('an item waits for at most one of each other client before each of its own client, and none is lost', () => {
  const pushes = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(pushes, (clients) => {
      const queue = new FairQueue<{ readonly client: number; readonly number: number }>();
      clients.forEach((client, number) => {
        queue.push(String(client), { client, number });
      });
      expect(queue.length).toBe(clients.length);
      const served = drain(queue);
      expect(served.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual(clients.map((_, i) => i));
      for (const client of new Set(clients)) {
        const places = served.flatMap((item, place) => (item.client === client ? [place] : []));
        const numbers = served.filter((item) => item.client === client).map(({ number }) => number);
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
        places.forEach((place, turn) => {
          expect(place).toBeLessThanOrEqual((turn + 1) * new Set(clients).size - 1);
        });
      }
    }),
  );
});
