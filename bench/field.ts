import { type Contender } from './contenders.ts';
import { type BenchDatabase, countCustomers } from './database.ts';
import { type Figures, measure } from './load.ts';
import { type Seeded } from './operations.ts';
import { progress } from './progress.ts';
import { seed } from './seed.ts';
import { type Server, startServer } from './server.ts';
import { type Measured, type Table } from './table.ts';
import { type Plan, type Work } from './works.ts';

/** A contender and its server. */
interface Entrant {
  readonly contender: Contender;
  readonly server: Server;
}

/** Connections of a server that comes back from its rest to a work with one at once, which would take too long. */
const WAKING_CONNECTIONS = 16;

/** Starts and warms up every contender, lets all of them do some works with each of the sizes, and stops them. */
export async function measureField(
  database: BenchDatabase,
  field: readonly Contender[],
  works: readonly Work[],
  plan: Plan,
  folder: string,
): Promise<Table[]> {
  const entrants: Entrant[] = [];
  const tables: Table[] = [];
  try {
    const seeded = await seed(database, plan.sizes[0] ?? 0);
    for (const [index, contender] of field.entries()) {
      const entrant = { contender, server: await startServer(contender, `${folder}/${index}.log`) };
      entrants.push(entrant);
      await warmUp(database, plan, works, entrant, seeded);
    }
    for (const size of plan.sizes) tables.push(await measureSize(database, plan, works, entrants, size));
  } finally {
    await Promise.all(entrants.map(({ server }) => server.stop()));
  }
  return tables;
}

/** Lets a server work until V8 has compiled what it will: for the larger ones that takes tens of thousands of operations. */
async function warmUp(
  database: BenchDatabase,
  { warmUp: amounts, maxConnections }: Plan,
  works: readonly Work[],
  { contender, server }: Entrant,
  seeded: Seeded,
): Promise<void> {
  progress(`warming up ${contender.name}`);
  for (const { name, kind, connections } of works) {
    const amount = amounts[name];
    if (amount === undefined) continue;
    const operation = contender.operations[kind];
    const load = { operation, seeded, connections: Math.min(connections, maxConnections), amount };
    await measure(server, database.client, load);
  }
}

/** Lets every entrant do every work, in turns, with `size` customers in the table when they begin. */
async function measureSize(
  database: BenchDatabase,
  plan: Plan,
  works: readonly Work[],
  entrants: readonly Entrant[],
  size: number,
): Promise<Table> {
  const seeded = await seed(database, size);
  const measured: Measured[] = entrants.map(({ contender }) => ({
    name: contender.name,
    figures: new Map(works.map(({ name }): [string, Figures[]] => [name, []])),
  }));
  let created = 0;
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const { name, kind, connections: most } of works) {
      const connections = Math.min(most, plan.maxConnections);
      progress(`${size} customers, round ${round} of ${plan.rounds}: ${name}`);
      for (const [index, { contender, server }] of entrants.entries()) {
        await database.query('checkpoint');
        const operation = contender.operations[kind];
        const load = { operation, seeded, connections, amount: plan.amounts[name] };
        const several = connections === 1 ? Math.min(WAKING_CONNECTIONS, plan.maxConnections) : connections;
        const waking = { ...load, connections: several, amount: plan.waking[kind] };
        await measure(server, database.client, waking);
        measured[index]?.figures.get(name)?.push(await measure(server, database.client, load));
        created += (waking.amount + load.amount) * operation.creates;
      }
    }
  }
  await expectStored(database, size + created);
  return { size, works: works.map(({ name }) => name), measured };
}

/** @throws unless every acknowledged customer is stored with both contacts. */
async function expectStored(database: BenchDatabase, expected: number): Promise<void> {
  const { customers, contacts } = await countCustomers(database);
  if (customers !== expected || contacts !== 2 * expected) {
    throw new Error(`Expected ${expected} customers, found ${customers} with ${contacts} contacts`);
  }
}
