import { createHistogram } from 'node:perf_hooks';
import autocannon from 'autocannon';
import { signedHeaders } from './signed-headers.ts';
import { type Client, type Operation, type Seeded } from './operations.ts';
import { postgresCpuMs } from './postgres-cpu.ts';
import { type Server } from './server.ts';

const US_PER_MS = 1_000;
const MS_PER_SECOND = 1_000;
/** How often autocannon looks whether it is done. Its default is a second, which is longer than many a run. */
const LOOK_MS = 100;

/** What one run of requests showed. */
export interface Figures {
  readonly perSecond: number;
  /** Latency in ms, as the client saw it. */
  readonly p50: number;
  readonly p99: number;
  /** CPU time of the server's process alone, ms for one operation. */
  readonly cpu: number;
  /** CPU time of PostgreSQL, ms for one operation. */
  readonly postgresCpu: number;
}

/** How much work, and how much of it at once. */
export interface Load {
  readonly operation: Operation;
  readonly seeded: Seeded;
  readonly connections: number;
  readonly amount: number;
}

/**
 * Sends `amount` requests over `connections` connections, each sending its next when it has its answer. Requests are
 * made and signed before the clock starts.
 *
 * @throws unless every single one was answered and done.
 */
export async function measure(server: Server, client: Client, load: Load): Promise<Figures> {
  const { operation, seeded, connections, amount } = load;
  // Each connection builds one request more than it sends.
  const requests = Array.from({ length: amount + connections }, () => {
    const body = operation.body(seeded);
    return { method: 'POST' as const, headers: signedHeaders(client, '/graphql', body), body };
  });
  const latencies = createHistogram();
  let next = 0;
  let started = Infinity;
  let ended = 0;

  const before = await server.usage();
  const postgresBefore = postgresCpuMs();
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon(
      {
        url: server.url,
        connections,
        amount,
        sampleInt: LOOK_MS,
        requests: [{ setupRequest: (request) => Object.assign({}, request, requests[next++]) }],
        verifyBody: (answer) => operation.isDone(String(answer)),
      },
      (error: unknown, finished) => {
        if (error instanceof Error) reject(error);
        else resolve(finished);
      },
    );
    run.on('response', (_connection, _status, _bytes, ms) => {
      ended = performance.now();
      started = Math.min(started, ended - ms);
      latencies.record(Math.max(1, Math.round(ms * US_PER_MS)));
    });
  });
  const after = await server.usage();
  const postgresAfter = postgresCpuMs();

  const failed = result.errors + result.timeouts + result.non2xx + result.mismatches;
  if (failed > 0 || latencies.count !== amount) {
    throw new Error(
      `${server.name}: ${failed} of ${amount} operations failed, ${latencies.count} were answered`,
    );
  }
  return {
    perSecond: (amount / (ended - started)) * MS_PER_SECOND,
    p50: latencies.percentile(50) / US_PER_MS,
    p99: latencies.percentile(99) / US_PER_MS,
    cpu: (after.cpuMs - before.cpuMs) / amount,
    postgresCpu: (postgresAfter - postgresBefore) / amount,
  };
}
