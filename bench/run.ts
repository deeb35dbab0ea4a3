import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Contender, contenders } from './contenders.ts';
import { type BenchDatabase, countCustomers, seed, someCustomers, startDatabase } from './database.ts';
import { lookInside } from './inside.ts';
import { type Figures, type Load, measure } from './load.ts';
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
  rounds: 3,
  warmUp: 30_000,
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

/** A contender and its server. */
interface Entrant {
  readonly contender: Contender;
  readonly server: Server;
}

/** Lets a server work until V8 has compiled what it will: for the larger ones that takes tens of thousands of operations. */
async function warmUp(
  database: BenchDatabase,
  { contender, server }: Entrant,
  amount: number,
  uuids: readonly string[],
): Promise<void> {
  progress(`warming up ${contender.name}`);
  for (const work of ['create, 16 at once', 'read, 16 at once'] as const) {
    await measure(server, database.client, loadOf(contender, work, amount, uuids));
  }
}

/** Lets every entrant do every work, in turns, with `size` customers in the table when they begin. */
async function measureSize(
  database: BenchDatabase,
  plan: Plan,
  entrants: readonly Entrant[],
  size: number,
): Promise<Table> {
  await seed(database, size);
  const uuids = await someCustomers(database, SAMPLE);
  const measured: Measured[] = entrants.map(({ contender }) => ({
    name: contender.name,
    figures: new Map(works.map((work): [string, Figures[]] => [work, []])),
  }));
  let created = 0;
  for (let round = 1; round <= plan.rounds; round += 1) {
    for (const work of works) {
      progress(`${size} customers, round ${round} of ${plan.rounds}: ${work}`);
      for (const [index, { contender, server }] of entrants.entries()) {
        await database.query('checkpoint');
        const load = loadOf(contender, work, plan.amounts[work], uuids);
        // Once to come back from its rest, caches and heap and all, and then for the figures.
        await measure(server, database.client, load);
        measured[index]?.figures.get(work)?.push(await measure(server, database.client, load));
        if (!work.startsWith('read')) created += 2 * load.amount;
      }
    }
  }
  await expectStored(database, size + created);
  return { size, measured };
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
    const field = contenders(database, options.also);
    const [gateway] = field;
    if (!gateway) throw new Error('There is no gateway');
    await seed(database, plan.sizes[0] ?? 0);
    const uuids = await someCustomers(database, SAMPLE);
    progress('round trips');
    const trips = await countTripsOf(database, field, uuids, plan.tripsOf, folder);
    progress('memory and profile');
    const inside = await lookInside(database, gateway, plan.memory, folder);

    const entrants: Entrant[] = [];
    const tables: Table[] = [];
    try {
      for (const [index, contender] of field.entries()) {
        const entrant = { contender, server: await startServer(contender, `${folder}/${index}.log`) };
        entrants.push(entrant);
        await warmUp(database, entrant, plan.warmUp, uuids);
      }
      for (const size of plan.sizes) tables.push(await measureSize(database, plan, entrants, size));
    } finally {
      await Promise.all(entrants.map(({ server }) => server.stop()));
    }

    const report: Report = { works, tables, trips, inside, starts };
    process.stdout.write(`${toMarkdown(report)}\n`);
    if (options.write) await writeReport(report);
  } finally {
    await database.stop();
  }
}

await main();
