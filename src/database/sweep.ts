import { type FastifyBaseLogger } from 'fastify';
import { setTimeout as sleep } from 'node:timers/promises';

/** The pause between two sweeps, in ms. */
const SWEEP_INTERVAL_MS = 600_000;

/** Removes rows whose time is over. */
export interface Sweep {
  /** What it removes, for the log. */
  readonly name: string;
  /** Removes them in batches. Once the signal is aborted, it ends after the current batch. */
  run(signal: AbortSignal): Promise<void>;
}

/** Runs sweeps one after another at once and then every 10 minutes. */
export function startSweeps(
  log: Pick<FastifyBaseLogger, 'warn'>,
  sweeps: readonly Sweep[],
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const sweeping = sweepUntil(stopping.signal, log, sweeps);
  return {
    async stop() {
      stopping.abort();
      await sweeping;
    },
  };
}

async function sweepUntil(
  signal: AbortSignal,
  log: Pick<FastifyBaseLogger, 'warn'>,
  sweeps: readonly Sweep[],
): Promise<void> {
  while (!signal.aborted) {
    for (const sweep of sweeps) {
      await sweep.run(signal).catch((error: unknown) => {
        log.warn({ err: error }, `expired ${sweep.name} were not removed; the next sweep tries again`);
      });
    }
    // Rejects when it is aborted, which the loop sees itself.
    await sleep(SWEEP_INTERVAL_MS, undefined, { signal, ref: false }).catch(() => undefined);
  }
}
