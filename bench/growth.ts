// Measures how the gateway's work grows with the number of customers and of teams: `npm run bench:growth`.
import { mkdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { contenders } from './contenders.ts';
import { type BenchDatabase, startDatabase } from './database.ts';
import { type GrowthWork, growthWorks } from './growth-works.ts';
import { measure } from './load.ts';
import { head, row, whole, writeSection } from './markdown.ts';
import { median } from './median.ts';
import { type Seeded } from './operations.ts';
import { progress } from './progress.ts';
import { seed } from './seed.ts';
import { type Server, startServer } from './server.ts';

const { values: options } = parseArgs({
  options: {
    /** Numbers of customers. The first is the one that the others are compared with. */
    sizes: { type: 'string', default: '1000,1000000,5000000' },
    /** Teams over which the customers of each further size are spread as well. */
    teams: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
    /** Only shows that everything runs: a tenth of the operations, and none to warm up. */
    quick: { type: 'boolean', default: false },
    /** Puts the table into docs/performance.md. */
    write: { type: 'boolean', default: false },
  },
});

/** Instead of the default of a second, so that it shows how slow a list is that exceeds that. */
const LIST_TIMEOUT_MS = 5_000;
/** Times that the amount is done before anything is measured, so that V8 has compiled what it will. */
const WARM_UP = 8;
const QUICK = 1 / 10;
/** Part of the amount that is done before each measurement. */
const WAKING = 1 / 5;

/** How many customers, in how many teams. */
interface Scenario {
  readonly customers: number;
  readonly teams: number;
}

/** The middle latency of each work, in ms, by its name; of one that exceeded the timeout of lists, Infinity. */
type Latencies = ReadonlyMap<string, number>;

const [base = 0, ...larger] = options.sizes.split(',').map(Number);
const manyTeams = Number(options.teams);
const scenarios: readonly Scenario[] = [
  { customers: base, teams: 1 },
  ...larger.flatMap((customers) => [
    { customers, teams: 1 },
    ...(customers < manyTeams ? [] : [{ customers, teams: manyTeams }]),
  ]),
];

async function warmUp(database: BenchDatabase, server: Server): Promise<void> {
  if (options.quick) return;
  const seeded = await seed(database, base);
  for (const { operation, connections, amount } of growthWorks) {
    await measure(server, database.client, { operation, seeded, connections, amount: WARM_UP * amount });
  }
}

function nameOf({ customers, teams }: Scenario): string {
  return `${whole(customers)} customers, ${teams === 1 ? 'one team' : `${whole(teams)} teams`}`;
}

async function measureScenario(
  database: BenchDatabase,
  server: Server,
  scenario: Scenario,
): Promise<Latencies> {
  progress(`${nameOf(scenario)}: filling`);
  const seeded = await seed(database, scenario.customers, scenario.teams);
  const latencies = new Map<string, number>();
  for (const work of growthWorks) {
    progress(`${nameOf(scenario)}: ${work.name}`);
    const rounds: number[] = [];
    while (rounds.length < Number(options.rounds)) {
      await database.query('checkpoint');
      rounds.push(await latencyOf(database, server, work, seeded));
    }
    latencies.set(work.name, median(rounds));
  }
  return latencies;
}

async function latencyOf(
  { client }: BenchDatabase,
  server: Server,
  { operation, connections, amount: full }: GrowthWork,
  seeded: Seeded,
): Promise<number> {
  const amount = options.quick ? Math.max(connections, Math.ceil(full * QUICK)) : full;
  let tooSlow = 0;
  const patient = {
    ...operation,
    isDone(answer: string) {
      const isTooSlow = answer.includes('QUERY_TOO_SLOW');
      if (isTooSlow) tooSlow += 1;
      return isTooSlow || operation.isDone(answer);
    },
  };
  const load = { operation: patient, seeded, connections };
  await measure(server, client, { ...load, amount: Math.max(connections, Math.ceil(amount * WAKING)) });
  const { p50 } = await measure(server, client, { ...load, amount });
  return tooSlow > 0 ? Infinity : p50;
}

function toMarkdown(all: readonly Latencies[]): string {
  const ms = (value: number) =>
    value === Infinity ? `over ${whole(LIST_TIMEOUT_MS)} ms` : `${value.toFixed(2)} ms`;
  const cell = (value: number, compared: number) =>
    value === Infinity ? ms(value) : `${(value / compared).toFixed(2)} (${ms(value)})`;
  return [
    `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${process.platform}. Median latencies, and their`,
    `ratios to those with ${whole(base)} customers. Each figure is the median of ${options.rounds} rounds.`,
    '',
    ...head(['', ...scenarios.map(nameOf)]),
    ...growthWorks.map(({ name }) => {
      const [first = Number.NaN, ...others] = all.map((latencies) => latencies.get(name) ?? Number.NaN);
      return row([name, ms(first), ...others.map((value) => cell(value, first))]);
    }),
  ].join('\n');
}

const folder = fileURLToPath(new URL('.data/growth/', import.meta.url));
await mkdir(folder, { recursive: true });
const database = await startDatabase(folder);
try {
  const [gateway] = contenders(database, []);
  if (!gateway) throw new Error('There is no gateway');
  const environment = { ...gateway.environment, DATABASE_LIST_TIMEOUT_MS: String(LIST_TIMEOUT_MS) };
  const server = await startServer({ ...gateway, environment }, `${folder}/growth.log`);
  const all: Latencies[] = [];
  try {
    progress('warming up');
    await warmUp(database, server);
    for (const scenario of scenarios) all.push(await measureScenario(database, server, scenario));
  } finally {
    await server.stop();
  }
  const markdown = toMarkdown(all);
  process.stdout.write(`${markdown}\n`);
  if (options.write) await writeSection('performance.md', 'npm run bench:growth -- --write', markdown);
} finally {
  await database.stop();
}
