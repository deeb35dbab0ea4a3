import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Contender, contenders } from './contenders.ts';
import { type BenchDatabase, countCustomers, seed, startDatabase } from './database.ts';
import { lookInside } from './inside.ts';
import { type Figures, measure } from './load.ts';
import { type Seeded } from './operations.ts';
import { type Measured, type Report, type Table, toMarkdown, writeReport } from './report.ts';
import { countTripsOf } from './round-trips.ts';
import { type Server, startServer } from './server.ts';
import { measureStart } from './start-time.ts';
import { full, type Plan, quick, works } from './works.ts';

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

/** A contender and its server. */
interface Entrant {
  readonly contender: Contender;
  readonly server: Server;
}

/** Lets a server work until V8 has compiled what it will: for the larger ones that takes tens of thousands of operations. */
async function warmUp(
  database: BenchDatabase,
  { warmUp: amounts }: Plan,
  { contender, server }: Entrant,
  seeded: Seeded,
): Promise<void> {
  progress(`warming up ${contender.name}`);
  for (const { name, kind, connections } of works) {
    const amount = amounts[name];
    if (amount === undefined) continue;
    const operation = contender.operations[kind];
    await measure(server, database.client, { operation, seeded, connections, amount });
  }
}

/** Lets every entrant do every work, in turns, with `size` customers in the table when they begin. */
async function measureSize(
  database: BenchDatabase,
  plan: Plan,
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
    for (const { name, kind, connections } of works) {
      progress(`${size} customers, round ${round} of ${plan.rounds}: ${name}`);
      for (const [index, { contender, server }] of entrants.entries()) {
        await database.query('checkpoint');
        const operation = contender.operations[kind];
        const load = { operation, seeded, connections, amount: plan.amounts[name] };
        // Once to come back from its rest, caches and heap and all, and then for the figures.
        await measure(server, database.client, load);
        measured[index]?.figures.get(name)?.push(await measure(server, database.client, load));
        created += 2 * load.amount * operation.creates;
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
    const seeded = await seed(database, plan.sizes[0] ?? 0);
    progress('round trips');
    const trips = await countTripsOf(database, field, seeded, plan.tripsOf, folder);
    progress('memory and profile');
    const inside = await lookInside(database, gateway, plan.memory, folder);

    const entrants: Entrant[] = [];
    const tables: Table[] = [];
    try {
      for (const [index, contender] of field.entries()) {
        const entrant = { contender, server: await startServer(contender, `${folder}/${index}.log`) };
        entrants.push(entrant);
        await warmUp(database, plan, entrant, seeded);
      }
      for (const size of plan.sizes) tables.push(await measureSize(database, plan, entrants, size));
    } finally {
      await Promise.all(entrants.map(({ server }) => server.stop()));
    }

    const report: Report = { works: works.map(({ name }) => name), tables, trips, inside, starts };
    process.stdout.write(`${toMarkdown(report)}\n`);
    if (options.write) await writeReport(report);
  } finally {
    await database.stop();
  }
}

await main();
