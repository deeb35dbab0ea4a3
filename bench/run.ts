import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Contender, contenders } from './contenders.ts';
import { type BenchDatabase, countCustomers, seed, someCustomers, startDatabase } from './database.ts';
import { type Figures, type Load, measure } from './load.ts';
import { measureMemory } from './memory.ts';
import { type Measured, type Report, type Table, toMarkdown, writeReport } from './report.ts';
import { countTripsOf } from './round-trips.ts';
import { type Server, startServer } from './server.ts';
import { measureStart } from './start-time.ts';

/** How much is measured. The quick plan only shows that everything runs. */
interface Plan {
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly warmUp: number;
  readonly amounts: Readonly<Record<Work, number>>;
  readonly tripsOf: number;
  readonly memory: number;
  readonly starts: number;
}

const works = ['create, 1 at once', 'create, 16 at once', 'create, 64 at once', 'read, 16 at once'] as const;
type Work = (typeof works)[number];

const connectionsOf: Readonly<Record<Work, number>> = {
  'create, 1 at once': 1,
  'create, 16 at once': 16,
  'create, 64 at once': 64,
  'read, 16 at once': 16,
};

const full: Plan = {
  sizes: [1_000, 1_000_000],
  rounds: 2,
  warmUp: 10_000,
  amounts: {
    'create, 1 at once': 1_000,
    'create, 16 at once': 6_000,
    'create, 64 at once': 6_000,
    'read, 16 at once': 6_000,
  },
  tripsOf: 50,
  memory: 100_000,
  starts: 3,
};

const quick: Plan = {
  sizes: [100],
  rounds: 1,
  warmUp: 64,
  amounts: {
    'create, 1 at once': 20,
    'create, 16 at once': 64,
    'create, 64 at once': 128,
    'read, 16 at once': 64,
  },
  tripsOf: 10,
  memory: 500,
  starts: 1,
};

const SAMPLE = 1_000;

const { values: options } = parseArgs({
  options: {
    /** Only shows that everything runs: a minute, and figures that say nothing. */
    quick: { type: 'boolean', default: false },
    /** Puts the report into docs/performance.md. */
    write: { type: 'boolean', default: false },
    /** Another checkout of the gateway, built, to take part as well; any number of times. */
    also: { type: 'string', multiple: true, default: [] },
  },
});

const folder = fileURLToPath(new URL('.data/', import.meta.url));

function loadOf(contender: Contender, work: Work, amount: number, uuids: readonly string[]): Load {
  const operation = work.startsWith('read') ? contender.operations.read : contender.operations.create;
  return { operation, uuids, connections: connectionsOf[work], amount };
}

/** Runs every contender on every work, in turns, with `size` customers in the table. */
async function measureSize(
  database: BenchDatabase,
  plan: Plan,
  entrants: readonly Contender[],
  size: number,
): Promise<Table> {
  progress(`${size} customers`);
  await seed(database, size);
  const uuids = await someCustomers(database, SAMPLE);
  const servers: Server[] = [];
  try {
    let created = 0;
    const figures = new Map<string, Figures[]>();
    const run = async (index: number, work: Work, amount: number) => {
      const [contender, server] = [entrants[index], servers[index]];
      if (!contender || !server) throw new Error(`There is no contender ${index}`);
      if (!work.startsWith('read')) created += amount;
      return measure(server, database.client, loadOf(contender, work, amount, uuids));
    };

    for (const [index, contender] of entrants.entries()) {
      progress(`  warming up ${contender.name}`);
      servers.push(await startServer(contender, `${folder}/${index}.log`));
      await run(index, 'create, 16 at once', plan.warmUp);
      await run(index, 'read, 16 at once', plan.warmUp);
    }
    for (let round = 1; round <= plan.rounds; round += 1) {
      for (const work of works) {
        progress(`  round ${round} of ${plan.rounds}: ${work}`);
        for (const index of entrants.keys()) {
          await database.query('checkpoint');
          const key = `${index} ${work}`;
          figures.set(key, [...(figures.get(key) ?? []), await run(index, work, plan.amounts[work])]);
        }
      }
    }
    await expectStored(database, size + created);
    const measured: Measured[] = entrants.map(({ name }, index) => ({
      name,
      figures: new Map(works.map((work) => [work, figures.get(`${index} ${work}`) ?? []])),
    }));
    return { size, measured };
  } finally {
    for (const server of servers) await server.stop();
  }
}

/** Whatever was acknowledged is in the tables, with both its contacts. */
async function expectStored(database: BenchDatabase, expected: number): Promise<void> {
  const { customers, contacts } = await countCustomers(database);
  if (customers !== expected || contacts !== 2 * expected) {
    throw new Error(`Expected ${expected} customers, found ${customers} with ${contacts} contacts`);
  }
}

function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function main(): Promise<void> {
  const plan = options.quick ? quick : full;
  await mkdir(folder, { recursive: true });
  progress('starts');
  const starts = await measureStart(plan.starts);

  const database = await startDatabase(folder);
  try {
    const entrants = contenders(database, options.also);
    const [gateway] = entrants;
    if (!gateway) throw new Error('There is no gateway');
    await seed(database, plan.sizes[0] ?? 0);
    const uuids = await someCustomers(database, SAMPLE);
    progress('round trips');
    const trips = await countTripsOf(database, entrants, uuids, plan.tripsOf, folder);
    progress('memory');
    const memory = await measureMemory(database, gateway, plan.memory, folder);

    const tables: Table[] = [];
    for (const size of plan.sizes) tables.push(await measureSize(database, plan, entrants, size));

    const report: Report = { works, tables, trips, memory, starts };
    process.stdout.write(`${toMarkdown(report)}\n`);
    if (options.write) await writeReport(report);
  } finally {
    await database.stop();
  }
}

await main();
