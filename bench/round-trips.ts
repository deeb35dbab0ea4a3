import { type Contender } from './contenders.ts';
import { type BenchDatabase } from './database.ts';
import { type Forwarder, startForwarder } from './forward.ts';
import { measure } from './load.ts';
import { type Operation, type Seeded } from './operations.ts';
import { startServer } from './server.ts';

/** A forwarder that counts the times that a server spoke and then had to wait for an answer. */
async function countTrips(databaseUrl: string): Promise<Forwarder & { trips(): number }> {
  let count = 0;
  const forwarder = await startForwarder(databaseUrl, () => {
    let isWaiting = false;
    return {
      toDatabase(pass) {
        if (!isWaiting) count += 1;
        isWaiting = true;
        pass();
      },
      toServer(pass) {
        isWaiting = false;
        pass();
      },
    };
  });
  return { ...forwarder, trips: () => count };
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
