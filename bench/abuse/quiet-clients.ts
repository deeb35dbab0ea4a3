import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { signedHeaders } from '../signed-headers.ts';
import { type Client, gatewayOperations, NOTHING } from '../operations.ts';
import { type Server } from '../server.ts';

const US_PER_MS = 1_000;
const MS_PER_SECOND = 1_000;
/** Time between two creates, and two probes of /healthz, in ms. */
const INTERVAL_MS = 25;
/** How often the memory is looked at, in ms. */
const MEMORY_INTERVAL_MS = 200;

/** Latencies in ms. */
export interface Latencies {
  readonly p50: number;
  readonly p99: number;
}

/** What other clients saw for some time. */
export interface Observation {
  readonly create: Latencies;
  readonly health: Latencies;
  /** Creates that were not answered `Created`. */
  readonly failed: number;
  readonly maxRssBytes: number;
}

/** Sends a create. @returns whether it was answered `Created`. */
export async function sendCreate(server: Server, client: Client): Promise<boolean> {
  const body = gatewayOperations.create.body(NOTHING);
  const headers = signedHeaders(client, new URL(server.url).pathname, body);
  const response = await fetch(server.url, { method: 'POST', headers, body });
  return gatewayOperations.create.isDone(await response.text());
}

/** Sends a create every 25 ms, in turns from all clients, and probes /healthz, for some seconds. */
export async function observe(
  server: Server,
  clients: readonly Client[],
  seconds: number,
): Promise<Observation> {
  const creates = createHistogram();
  const probes = createHistogram();
  let failed = 0;
  const create = async (index: number): Promise<void> => {
    const client = clients[index % clients.length];
    if (!client) return;
    const isCreated = await timed(creates, () => sendCreate(server, client)).catch(() => false);
    if (!isCreated) failed += 1;
  };
  const probe = async (): Promise<void> => {
    await timed(probes, async () => {
      const response = await fetch(new URL('/healthz', server.url));
      await response.text();
    }).catch(() => {
      failed += 1;
    });
  };

  let maxRssBytes = 0;
  const memory = setInterval(async () => {
    maxRssBytes = Math.max(maxRssBytes, (await server.usage()).rssBytes);
  }, MEMORY_INTERVAL_MS);
  const calls: Promise<void>[] = [];
  const started = performance.now();
  for (let index = 0; index * INTERVAL_MS < seconds * MS_PER_SECOND; index += 1) {
    await sleep(Math.max(0, started + index * INTERVAL_MS - performance.now()));
    calls.push(create(index), probe());
  }
  await Promise.all(calls);
  clearInterval(memory);
  return { create: latencies(creates), health: latencies(probes), failed, maxRssBytes };
}

async function timed<Result>(histogram: RecordableHistogram, work: () => Promise<Result>): Promise<Result> {
  const started = performance.now();
  try {
    return await work();
  } finally {
    histogram.record(Math.max(1, Math.round((performance.now() - started) * US_PER_MS)));
  }
}

const latencies = (histogram: RecordableHistogram): Latencies => ({
  p50: histogram.percentile(50) / US_PER_MS,
  p99: histogram.percentile(99) / US_PER_MS,
});
