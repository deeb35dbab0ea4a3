import { beforeAll, expect, test } from 'vitest';
import fastify from 'fastify';
import fc from 'fast-check';
import { z } from 'zod';
import { RedisWindow } from '../../src/rate-limit/redis-window.js';
import { SlidingWindow } from '../../src/rate-limit/sliding-window.js';
import { Redis } from '../../src/redis/redis.js';
import { describeWith } from '../support/programs.js';
import { type RedisServer, startRedis } from '../support/redis.js';
import { sharedResources } from '../support/resources.js';

const WINDOW_MS = 60_000;
const US_PER_MS = 1_000;

describeWith('redis-server')('the sliding window in Redis', () => {
  let server: RedisServer;
  let redis: Redis;
  const resources = sharedResources();
  beforeAll(async () => {
    server = resources.adopt(await startRedis(), (it) => it.kill());
    redis = resources.adopt(await Redis.open(server.url, 'refuse', fastify().log), (it) => {
      it.close();
    });
  });

  const windowOf = (limit: number) => new RedisWindow(redis, new SlidingWindow(limit, WINDOW_MS));

  let clients = 0;
  /** A client whose counted calls were so many ms ago by Redis's clock, the oldest first. Less than 0 lies ahead. */
  async function clientWithCalls(...msAgo: number[]): Promise<string> {
    clients += 1;
    const client = `client-${clients}`;
    const [seconds, micros] = z.tuple([z.string(), z.string()]).parse(await server.command('TIME'));
    const now = Number(seconds) * 1_000 * US_PER_MS + Number(micros);
    const times = msAgo.map((ms) => String(now - ms * US_PER_MS));
    if (times.length > 0) await server.command('RPUSH', keyOf(client), ...times);
    return client;
  }
  const keyOf = (client: string) => `customer-gateway:limit:${client}`;

  test('allows as many calls as the limit and says how many are left', async () => {
    const window = windowOf(3);
    const client = await clientWithCalls();
    const decisions = await Promise.all(Array.from({ length: 4 }, () => window.take(client)));
    expect(decisions.map(({ allowed }) => allowed)).toEqual([true, true, true, false]);
    expect(decisions.map(({ remaining }) => remaining)).toEqual([2, 1, 0, 0]);
  });

  test('allows one more once the oldest call is a window old, and says when that is', async () => {
    const window = windowOf(2);
    const client = await clientWithCalls(WINDOW_MS + 1, 40_000);
    expect((await window.take(client)).allowed).toBe(true);
    const { allowed, resetMs } = await window.take(client);
    expect(allowed).toBe(false);
    expect(resetMs).toBeGreaterThan(15_000);
    expect(resetMs).toBeLessThanOrEqual(20_000);
  });

  test('counts each client by itself', async () => {
    const window = windowOf(1);
    await window.take(await clientWithCalls(1));
    expect((await window.take(await clientWithCalls())).allowed).toBe(true);
  });

  test('keeps no client for longer than a window after its last call', async () => {
    const client = await clientWithCalls();
    await windowOf(1).take(client);
    const ttl = Number(await server.command('PTTL', keyOf(client)));
    expect(ttl).toBeGreaterThan(0);
    expect(ttl).toBeLessThanOrEqual(WINDOW_MS);
  });

  test('keeps no more times than the limit, however often a client calls', async () => {
    const window = windowOf(3);
    const client = await clientWithCalls();
    await Promise.all(Array.from({ length: 50 }, () => window.take(client)));
    expect(await server.command('LLEN', keyOf(client))).toBe(3);
  });

  test('still allows no more than the limit when Redis’s clock was set back by less than a window', async () => {
    const window = windowOf(2);
    const client = await clientWithCalls(-30_000);
    expect((await window.take(client)).allowed).toBe(true);
    expect((await window.take(client)).allowed).toBe(false);
  });

  test('does not shut a client out for long when Redis’s clock was set back by a day', async () => {
    const window = windowOf(1);
    const client = await clientWithCalls(-86_400_000);
    expect((await window.take(client)).allowed).toBe(true);
    expect((await window.take(client)).allowed).toBe(false);
  });

  test('goes on when Redis has lost its scripts', async () => {
    const window = windowOf(2);
    const client = await clientWithCalls();
    await window.take(client);
    await server.command('SCRIPT', 'FLUSH');
    expect(await window.take(client)).toMatchObject({ allowed: true, remaining: 0 });
  });

  test('decides as a plain list of times would, for any earlier calls', async () => {
    // Half seconds: the time that passes while Redis is asked decides nothing.
    const ages = fc.array(
      fc.nat(119).map((seconds) => seconds * 1_000 + 500),
      { maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(ages, fc.integer({ min: 1, max: 20 }), async (msAgo, limit) => {
        const client = await clientWithCalls(...msAgo.toSorted((a, b) => b - a));
        const counted = msAgo.filter((ms) => ms < WINDOW_MS).length;
        const { allowed, remaining } = await windowOf(limit).take(client);
        expect(allowed).toBe(counted < limit);
        expect(remaining).toBe(Math.max(0, limit - counted - 1));
      }),
    );
  });
});
