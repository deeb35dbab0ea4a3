import { type MikroORM } from '@mikro-orm/postgresql';
import { type FastifyBaseLogger } from 'fastify';
import { names } from '../database/names.js';
import { IdempotencyKey } from './idempotency-key.entity.js';

/** How long a key is kept at least, in hours. It may live on until the next sweep. */
const KEPT_HOURS = 24;

/** How often keys that have had their time are removed, in ms. */
const SWEEP_INTERVAL_MS = 600_000;

/** Keys removed by one statement: few enough to hold no lock for long. */
const BATCH = 1_000;

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

/** Removes expired keys now and then, from now on. */
export function startSweep(orm: MikroORM, log: FastifyBaseLogger): { stop(): Promise<void> } {
  const stopping = new AbortController();
  let sweep = Promise.resolve();
  const run = () => {
    sweep = removeExpiredKeys(orm, stopping.signal).catch((error: unknown) => {
      log.warn({ err: error }, 'expired idempotency keys were not removed; the next sweep tries again');
    });
  };
  run();
  const timer = setInterval(run, SWEEP_INTERVAL_MS).unref();
  return {
    async stop() {
      clearInterval(timer);
      stopping.abort();
      await sweep;
    },
  };
}
