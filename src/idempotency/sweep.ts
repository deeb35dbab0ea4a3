import { type MikroORM } from '@mikro-orm/postgresql';
import { type FastifyBaseLogger } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';
import { names } from '../database/names.js';
import { IdempotencyKey } from './idempotency-key.entity.js';

/** How long a key is kept at least, in hours. It may live on until the next sweep. */
const KEPT_HOURS = 24;

/** The pause between two sweeps, in ms. */
const SWEEP_INTERVAL_MS = 600_000;

/**
 * Keys removed by one statement: few enough for its deadline, even if each is a key of the release before with a result of
 * 1 MB.
 */
const BATCH = 200;

/** Removes the keys that have had their time, batch by batch. Two gateways at it take different ones. */
export async function removeExpiredKeys(orm: MikroORM, signal?: AbortSignal): Promise<void> {
  const key = names(orm, IdempotencyKey);
  const pool = await orm.em.getConnection().getNativeClient();
  const text = `
    delete from ${key.table} where ctid in (
      select ctid from ${key.table}
      where ${key.column('createdAt')} < now() - make_interval(hours => ${KEPT_HOURS})
      limit ${BATCH} for update skip locked)`;
  for (;;) {
    const { rowCount } = await pool.query(text);
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
