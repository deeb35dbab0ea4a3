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

/** Looks at Redis as the gateway would, by the same deadlines. */
export async function checkRedis(
  redisUrl: string,
  { signatureToleranceSeconds }: Pick<Config, 'signatureToleranceSeconds'>,
): Promise<Check[]> {
  const client = createConnection(redisUrl);
  // Whoever asks next is told; without a listener the process would end.
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
      'Check REDIS_URL, and that this account may run scripts and INFO.',
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
      'Redis is a cluster, which is not supported. Use one Redis, or one behind a name that moves.',
    );
  }
  if (fieldOf(info, 'role') !== 'master') {
    return failed('Redis is a replica and takes no writes. REDIS_URL must name the primary.');
  }
  return ok(`Redis ${fieldOf(info, 'redis_version')} answers and runs scripts.`);
}

function memoryOf(info: string): Finding {
  const policy = fieldOf(info, 'maxmemory_policy');
  const maxBytes = Number(fieldOf(info, 'maxmemory'));
  if (policy === 'noeviction') return ok('Redis drops nothing when it is full (noeviction).');
  const then = 'limits start anew, and a recorded mutation could be sent again';
  const advice = 'Set maxmemory-policy noeviction: a Redis that is full is then noticed.';
  return maxBytes > 0
    ? warning(`When Redis is full it drops keys (${policy}): ${then}. ${advice}`)
    : ok(`Redis has no maxmemory, so its policy (${policy}) drops nothing.`);
}

/** A field of Redis's answer to INFO. */
function fieldOf(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
}
