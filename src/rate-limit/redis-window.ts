import { z } from 'zod';
import { type Redis } from '../redis/redis.js';
import { defineScript, runScript } from '../redis/script.js';
import { type Decision, type Limiter } from './limiter.js';
import { type SlidingWindow } from './sliding-window.js';

/**
 * {@link SlidingWindow} in Redis. The times of a client's counted calls are a list, oldest first, by the clock of Redis, so
 * that the gateways' clocks do not matter.
 *
 * That clock can be set back, so that the newest call is in the future. If it is less than a window ahead, it counts for
 * longer, so the limit is never exceeded. If it is further ahead, the list is discarded.
 */
const TAKE_CALL = defineScript(`
local limit, window = tonumber(ARGV[1]), tonumber(ARGV[2]) * 1000
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local newest = tonumber(redis.call('LINDEX', KEYS[1], -1) or now)
if newest - now > window then redis.call('DEL', KEYS[1]) end

local oldest = tonumber(redis.call('LINDEX', KEYS[1], 0) or now)
while now - oldest >= window do
  redis.call('LPOP', KEYS[1])
  oldest = tonumber(redis.call('LINDEX', KEYS[1], 0) or now)
end

local counted = redis.call('LLEN', KEYS[1])
local allowed = counted < limit
if allowed then
  redis.call('RPUSH', KEYS[1], string.format('%.0f', now))
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  counted = counted + 1
end
return { allowed and 1 or 0, math.max(0, limit - counted), math.ceil((window - (now - oldest)) / 1000) }
`);

const reply = z.tuple([z.number(), z.number(), z.number()]);

/** Counts the calls of all gateways exactly, with one Redis command. */
export class RedisWindow implements Limiter {
  readonly limit: number;
  readonly windowMs: number;

  /** @param local - has the limit, and counts this gateway's calls while Redis does not respond. */
  constructor(
    private readonly redis: Redis,
    private readonly local: SlidingWindow,
  ) {
    this.limit = local.limit;
    this.windowMs = local.windowMs;
  }

  /** Counts a call of `client` if it is within the limit. */
  take(client: string): Promise<Decision> {
    return this.redis.ask(
      async (connection) => {
        const [allowed, remaining, resetMs] = reply.parse(
          await runScript(connection, TAKE_CALL, {
            keys: [`customer-gateway:limit:${client}`],
            arguments: [String(this.limit), String(this.windowMs)],
          }),
        );
        return { allowed: allowed === 1, limit: this.limit, remaining, resetMs };
      },
      () => this.local.take(client),
    );
  }
}
