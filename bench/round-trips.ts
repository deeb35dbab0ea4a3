import { type Contender } from './contenders.ts';
import { type BenchDatabase } from './database.ts';
import { measure } from './load.ts';
import { type Operation, type Seeded } from './operations.ts';
import { startServer } from './server.ts';
import { createServer, connect } from 'node:net';
import { once } from 'node:events';

/** Stands between a server and PostgreSQL and counts. */
interface TripCounter {
  /** The database's address by way of the counter. */
  readonly url: string;
  /** Times that the server spoke and then had to wait for an answer. */
  trips(): number;
  close(): void;
}

/** Passes every byte on unchanged; a trip is a turn from PostgreSQL's last word to the server's next. */
async function countTrips(databaseUrl: string): Promise<TripCounter> {
  const target = new URL(databaseUrl);
  let count = 0;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    let isWaiting = false;
    near.on('data', (bytes) => {
      if (!isWaiting) count += 1;
      isWaiting = true;
      far.write(bytes);
    });
    far.on('data', (bytes) => {
      isWaiting = false;
      near.write(bytes);
    });
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    near.on('error', () => {});
    far.on('error', () => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The counter has no port');
  const url = new URL(databaseUrl);
  url.port = String(bound.port);
  return { url: url.href, trips: () => count, close: () => server.close() };
}

/** Round trips to PostgreSQL for one operation. */
export interface Trips {
  readonly name: string;
  readonly create: number;
  readonly read: number;
  readonly page: number;
  readonly bulk: number;
}

/** Counts the trips of `amount` operations of each kind, one after another, for every contender. */
export async function countTripsOf(
  database: BenchDatabase,
  entrants: readonly Contender[],
  seeded: Seeded,
  amount: number,
  folder: string,
): Promise<Trips[]> {
  const all: Trips[] = [];
  for (const contender of entrants) {
    const counter = await countTrips(database.url);
    const environment = { ...contender.environment, DATABASE_URL: counter.url };
    const server = await startServer({ ...contender, environment }, `${folder}/trips.log`);
    try {
      const tripsOf = async (operation: Operation): Promise<number> => {
        const load = { operation, seeded, connections: 1, amount };
        // The first ones connect and prepare.
        await measure(server, database.client, load);
        const before = counter.trips();
        await measure(server, database.client, load);
        return Math.round((counter.trips() - before) / amount);
      };
      const { create, read, page, bulk } = contender.operations;
      all.push({
        name: contender.name,
        create: await tripsOf(create),
        read: await tripsOf(read),
        page: await tripsOf(page),
        bulk: await tripsOf(bulk),
      });
    } finally {
      await server.stop();
      counter.close();
    }
  }
  return all;
}
