import { type MikroORM } from '@mikro-orm/postgresql';
import { type FastifyBaseLogger } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import { BATCH, removeExpiredKeysStatement } from './remove-expired-keys.statement.js';

/** The pause between two sweeps, in ms. */
const SWEEP_INTERVAL_MS = 600_000;

/** Removes the keys that have had their time, batch by batch. Two gateways at it take different ones. */
export async function removeExpiredKeys(orm: MikroORM, signal?: AbortSignal): Promise<void> {
  const pool = await orm.em.getConnection().getNativeClient();
  for (;;) {
    const { rowCount } = await pool.query(removeExpiredKeysStatement.text);
    if (rowCount !== BATCH || signal?.aborted) return;
  }
}

/** Removes expired keys now and then, from now on. A sweep begins after the one before has ended. */
export function startSweep(orm: MikroORM, log: FastifyBaseLogger): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const sweeping = sweepUntil(stopping.signal, orm, log);
  return {
    async stop() {
      stopping.abort();
      await sweeping;
    },
  };
}

async function sweepUntil(signal: AbortSignal, orm: MikroORM, log: FastifyBaseLogger): Promise<void> {
  while (!signal.aborted) {
    try {
      await removeExpiredKeys(orm, signal);
    } catch (error) {
      log.warn({ err: error }, 'expired idempotency keys were not removed; the next sweep tries again');
    }
    // Rejects when it is aborted, which the loop sees itself.
    await sleep(SWEEP_INTERVAL_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
