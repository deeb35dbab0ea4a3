import { z } from 'zod';
import { type Config } from '../../config/config.js';
import { withTimeout } from '../../concurrency/with-timeout.js';
import { createConnection, DEADLINE_MS, destroy, type RedisClient } from '../../redis/redis.js';
import { defineScript, runScript } from '../../redis/script.js';
import { type Check, check, type Finding, failed, ok, warning } from './check.js';
import { compareClock } from './check-clock.js';

/** Seconds and microseconds, by a script: it shows that scripts run, and writes nothing. */
const TIME = defineScript("return redis.call('TIME')");

const time = z.tuple([z.coerce.number(), z.coerce.number()]);

/** Checks Redis with the gateway's timeouts. */
export async function checkRedis(
  redisUrl: string,
  { signatureToleranceSeconds }: Pick<Config, 'signatureToleranceSeconds'>,
): Promise<Check[]> {
  const client = createConnection(redisUrl);
  // The next command fails with the error. Without a listener the process would exit.
  client.on('error', () => {});
  const ask = <Answer>(answer: Promise<Answer>) => withTimeout(answer, DEADLINE_MS, 'Redis');
  try {
    let info = '';
    const reached = await check(
      'redis',
      async () => {
        await ask(client.connect());
        await ask(timeOf(client));
        info = await ask(client.info());
        return roleOf(info);
      },
      'Check REDIS_URL, and that this account can run scripts and INFO.',
    );
    if (info === '') return [reached];
    return [
      reached,
      { check: 'redis memory', ...memoryOf(info) },
      await check('redis clock', () =>
        compareClock('Redis', () => ask(timeOf(client)), signatureToleranceSeconds * 1_000),
      ),
    ];
  } finally {
    destroy(client);
  }
}

/** Redis's time, in ms since the epoch. */
async function timeOf(client: RedisClient): Promise<number> {
  const [seconds, microseconds] = time.parse(await runScript(client, TIME, { keys: [], arguments: [] }));
  return seconds * 1_000 + microseconds / 1_000;
}

function roleOf(info: string): Finding {
  if (fieldOf(info, 'cluster_enabled') === '1') {
    return failed(
      'Redis is a cluster, which is not supported. Use a single instance, or a primary with failover behind one host name.',
    );
  }
  if (fieldOf(info, 'role') !== 'master') {
    return failed('Redis is a replica and does not accept writes. REDIS_URL must point to the primary.');
  }
  return ok(`Redis ${fieldOf(info, 'redis_version')} is reachable and runs scripts.`);
}

function memoryOf(info: string): Finding {
  const policy = fieldOf(info, 'maxmemory_policy');
  const maxBytes = Number(fieldOf(info, 'maxmemory'));
  if (policy === 'noeviction') return ok('Redis does not evict keys (maxmemory-policy noeviction).');
  const then = 'rate limits are reset, and a signed mutation could be replayed';
  const advice = 'Set maxmemory-policy noeviction, so that a full Redis fails visibly.';
  return maxBytes > 0
    ? warning(`Redis evicts keys when it is full (maxmemory-policy ${policy}): ${then}. ${advice}`)
    : ok(`Redis has no maxmemory, so its maxmemory-policy (${policy}) evicts nothing.`);
}

/** A field of the response to INFO. */
function fieldOf(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
}
