// Measures how fast events reach webhook endpoints, and how late: `npm run bench:webhooks`.
import { createServer } from 'node:http';
import { mkdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { contenders } from './contenders.ts';
import { startDatabase } from './database.ts';
import { measure } from './load.ts';
import { head, row, whole, writeSection } from './markdown.ts';
import { BULK_SIZE, gatewayOperations } from './operations.ts';
import { progress } from './progress.ts';
import { signedHeaders } from './signed-headers.ts';
import { type Server, startServer } from './server.ts';

const { values: options } = parseArgs({
  options: {
    /** Customers that are created as fast as possible, each of which is an event. */
    events: { type: 'string', default: '100000' },
    endpoints: { type: 'string', default: '5' },
    /** Seconds of the steady load. */
    seconds: { type: 'string', default: '30' },
    /** Puts the table into docs/performance.md. */
    write: { type: 'boolean', default: false },
  },
});

/** Customers that are created in a second of the steady load. */
const STEADY_RATE = 20;

const MS_PER_SECOND = 1_000;
const LOOK_MS = 100;
/** Without a delivery for so long, the bench fails. */
const MAX_SILENCE_MS = 60_000;

/** What receivers got since they were reset. */
class Receivers {
  #count = 0;
  #lag: RecordableHistogram = createHistogram();
  readonly #servers = Array.from({ length: Number(options.endpoints) }, () =>
    createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString('latin1');
      });
      request.on('end', () => {
        response.writeHead(204).end();
        const occurredAt = /"occurredAt":"([^"]+)"/.exec(body)?.[1] ?? '';
        this.#lag.record(Math.max(1, Date.now() - Date.parse(occurredAt)));
        this.#count += 1;
      });
    }),
  );

  async listen(): Promise<string[]> {
    for (const server of this.#servers)
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return this.#servers.map((server) => {
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('A receiver has no port');
      return `http://127.0.0.1:${address.port}/`;
    });
  }

  /** Waits until so many deliveries have come since the last call. @returns their lag, in ms. */
  async receive(count: number): Promise<RecordableHistogram> {
    let last = { count: -1, at: 0 };
    while (this.#count < count) {
      if (this.#count > last.count) last = { count: this.#count, at: performance.now() };
      if (performance.now() - last.at > MAX_SILENCE_MS)
        throw new Error(`Only ${this.#count} deliveries came`);
      await sleep(LOOK_MS);
    }
    const lag = this.#lag;
    this.#count = 0;
    this.#lag = createHistogram();
    return lag;
  }

  close(): void {
    for (const server of this.#servers) server.close().closeAllConnections();
  }
}

/** A measured load. */
interface Result {
  readonly name: string;
  readonly seconds: number;
  readonly deliveries: number;
  readonly lag: RecordableHistogram;
  /** CPU time of the gateway, in ms. */
  readonly cpuMs: number;
}

const folder = fileURLToPath(new URL('.data/webhooks/', import.meta.url));
await mkdir(folder, { recursive: true });
const database = await startDatabase(folder);
const receivers = new Receivers();
try {
  const urls = await receivers.listen();
  const [gateway] = contenders(database, []);
  if (!gateway) throw new Error('There is no gateway');
  const environment = {
    ...gateway.environment,
    NODE_ENV: 'development',
    WEBHOOK_ALLOW_PRIVATE: 'on',
    DATA_DIR: `${folder}/gateway`,
    LOG_FORMAT: 'json',
    PLAYGROUND: 'off',
  };
  const server = await startServer({ ...gateway, environment }, `${folder}/webhooks.log`);
  try {
    for (const url of urls) await createEndpoint(server, url);
    await measureLoad(server, 'warm-up', 2_000, (amount) => createInBulks(server, amount));
    const results = [
      await measureLoad(server, 'as fast as possible, in bulks of 100', Number(options.events), (amount) =>
        createInBulks(server, amount),
      ),
      await measureLoad(
        server,
        `${STEADY_RATE} creates a second`,
        STEADY_RATE * Number(options.seconds),
        (amount) => createSteadily(server, amount),
      ),
    ];
    const table = toTable(results);
    process.stdout.write(`${table}\n`);
    if (options.write) await writeSection('performance.md', 'npm run bench:webhooks -- --write', table);
  } finally {
    await server.stop();
  }
} finally {
  receivers.close();
  await database.stop();
}

async function createEndpoint(server: Server, url: string): Promise<void> {
  const body = JSON.stringify({
    query: `mutation ($url: String!) { createWebhookEndpoint(input: { url: $url }) { __typename } }`,
    variables: { url },
  });
  const response = await fetch(server.url, {
    method: 'POST',
    headers: signedHeaders(database.client, '/graphql', body),
    body,
  });
  const text = await response.text();
  if (!text.includes('WebhookEndpointCreated')) throw new Error(text);
}

async function measureLoad(
  server: Server,
  name: string,
  events: number,
  create: (amount: number) => Promise<void>,
): Promise<Result> {
  progress(`${name}: ${events} events`);
  const deliveries = events * Number(options.endpoints);
  const before = await server.usage();
  const start = performance.now();
  const received = receivers.receive(deliveries);
  await create(events);
  progress(`created after ${((performance.now() - start) / MS_PER_SECOND).toFixed(1)} s`);
  const lag = await received;
  const seconds = (performance.now() - start) / MS_PER_SECOND;
  const after = await server.usage();
  return { name, seconds, deliveries, lag, cpuMs: after.cpuMs - before.cpuMs };
}

async function createInBulks(server: Server, amount: number): Promise<void> {
  const { bulk } = gatewayOperations;
  const seeded = { uuids: [], emails: [], customers: 0, pages: 0 };
  await measure(server, database.client, {
    operation: bulk,
    seeded,
    connections: 2,
    amount: amount / BULK_SIZE,
  });
}

async function createSteadily(server: Server, amount: number): Promise<void> {
  const { create } = gatewayOperations;
  const seeded = { uuids: [], emails: [], customers: 0, pages: 0 };
  const start = performance.now();
  const sent: Promise<unknown>[] = [];
  for (let index = 0; index < amount; index += 1) {
    const wait = start + (index * MS_PER_SECOND) / STEADY_RATE - performance.now();
    if (wait > 0) await sleep(wait);
    const body = create.body(seeded);
    sent.push(
      fetch(server.url, {
        method: 'POST',
        headers: signedHeaders(database.client, '/graphql', body),
        body,
      }).then((response) => response.text()),
    );
  }
  await Promise.all(sent);
}

function toTable(results: readonly Result[]): string {
  const { model = 'unknown' } = cpus()[0] ?? {};
  return [
    `${options.endpoints} endpoints on the machine of the gateway and PostgreSQL (${cpus().length} × ${model}).`,
    '',
    ...head([
      'events',
      'deliveries',
      'deliveries/s',
      'lag p50',
      'lag p99',
      "gateway's CPU for each delivery",
    ]),
    ...results.map(({ name, seconds, deliveries, lag, cpuMs }) =>
      row([
        name,
        whole(deliveries),
        whole(deliveries / seconds),
        `${whole(lag.percentile(50))} ms`,
        `${whole(lag.percentile(99))} ms`,
        `${(cpuMs / deliveries).toFixed(2)} ms`,
      ]),
    ),
  ].join('\n');
}
