import { cpus } from 'node:os';
import { aimsTable } from './aims.ts';
import { type RoundTrips } from './delay/network.ts';
import { type Inside, type Profile } from './inside.ts';
import { type Figures } from './load.ts';
import { head, row, whole, writeSection } from './markdown.ts';
import { median } from './median.ts';
import { type Trips } from './round-trips.ts';
import { type StartTimes } from './start-time.ts';
import { figuresOf, ratioOf, type Table } from './table.ts';

/** Everything that a run of the bench found. */
export interface Report {
  readonly tables: readonly Table[];
  readonly network: RoundTrips;
  readonly trips: readonly Trips[];
  readonly inside: Inside;
  readonly starts: StartTimes;
}

const BYTES_PER_MB = 1_000_000;
const PROFILE_ROWS = 20;

/** The report as Markdown: medians over the rounds; a ratio is the median of the rounds' own ratios. */
export function toMarkdown(report: Report): string {
  return [
    `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${process.platform}. Each figure is a`,
    'median of the rounds; each ratio the median of its rounds, to (a) in the same round. Of bulks an operation is one',
    'request with its 100 customers.',
    '',
    '### Aims',
    '',
    ...aimsTable(report.tables),
    '',
    `A round trip to PostgreSQL (\`select 1\`, median) takes ${report.network.directMs.toFixed(2)} ms; with "1 ms to`,
    `PostgreSQL" it takes ${report.network.delayedMs.toFixed(2)} ms.`,
    '',
    ...report.tables.flatMap((table) => table.works.flatMap((work) => workTable(table, work))),
    '### Round trips to PostgreSQL for one operation',
    '',
    ...head(['', 'create', 'read', 'page of 20', 'bulk of 100']),
    ...report.trips.map(({ name, create, read, page, bulk }) => row([name, create, read, page, bulk])),
    '',
    '### Memory of the gateway',
    '',
    ...head(['creates done', ...report.inside.memory.map(({ operations }) => whole(operations))]),
    row(['resident, MB', ...report.inside.memory.map(({ rssBytes }) => whole(rssBytes / BYTES_PER_MB))]),
    '',
    '### Where the main thread of the gateway is, at 16 at once',
    '',
    ...profileTable(report.inside.profiles),
    '',
    '### `npm start`, from the command to the banner',
    '',
    ...head(['', 'ms, each run']),
    row(['new cluster', report.starts.newCluster.map(whole).join(', ')]),
    row(['existing cluster', report.starts.existingCluster.map(whole).join(', ')]),
  ].join('\n');
}

/** Shares of the main thread's time: those with the largest sums, and the others together. */
function profileTable(profiles: Inside['profiles']): string[] {
  const kinds = Object.keys(profiles);
  const columns = Object.values(profiles).map(sharesOf);
  const names = [...new Set(columns.flatMap((shares) => [...shares.keys()]))];
  const sumOf = (name: string) => sum(columns.map((shares) => shares.get(name) ?? 0));
  const sorted = names.toSorted((a, b) => sumOf(b) - sumOf(a));
  const cells = (parts: readonly string[]) =>
    columns.map((shares) => `${(sum(parts.map((name) => shares.get(name) ?? 0)) * 100).toFixed(1)} %`);
  return [
    ...head(['', ...kinds]),
    ...sorted.slice(0, PROFILE_ROWS).map((name) => row([name, ...cells([name])])),
    row(['everything else', ...cells(sorted.slice(PROFILE_ROWS))]),
  ];
}

function sharesOf(profile: Profile): ReadonlyMap<string, number> {
  const total = sum(Object.values(profile));
  return new Map(Object.entries(profile).map(([name, ms]) => [name, ms / total]));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function workTable(table: Table, work: string): string[] {
  const { size, measured } = table;
  const limit = figuresOf(table, '(a)', work);
  return [
    `### ${work}, ${whole(size)} customers`,
    '',
    ...head(['', 'of (a)', 'operations/s', 'p50 ms', 'p99 ms', 'CPU ms each', "PostgreSQL's"]),
    ...measured.map(({ name, figures }) => {
      const rounds = figures.get(work) ?? [];
      const of = (key: keyof Figures) => median(rounds.map((round) => round[key]));
      return row([
        name,
        ratioOf(rounds, limit, 'perSecond'),
        whole(of('perSecond')),
        of('p50').toFixed(2),
        of('p99').toFixed(2),
        of('cpu').toFixed(3),
        of('postgresCpu').toFixed(2),
      ]);
    }),
    '',
  ];
}

/** Puts the report in its place in docs/performance.md. */
export async function writeReport(report: Report): Promise<void> {
  await writeSection('performance.md', 'npm run bench -- --write', toMarkdown(report));
}
