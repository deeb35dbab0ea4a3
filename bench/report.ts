import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { format } from 'prettier';
import { type Inside } from './inside.ts';
import { type Figures } from './load.ts';
import { type Trips } from './round-trips.ts';
import { type StartTimes } from './start-time.ts';

/** A contender's figures, round by round, for each kind of work. */
export interface Measured {
  readonly name: string;
  readonly figures: ReadonlyMap<string, Figures[]>;
}

/** All contenders with so many customers in the table. */
export interface Table {
  readonly size: number;
  readonly measured: readonly Measured[];
}

/** Everything that a run of the bench found. */
export interface Report {
  readonly works: readonly string[];
  readonly tables: readonly Table[];
  readonly trips: readonly Trips[];
  readonly inside: Inside;
  readonly starts: StartTimes;
}

const END = '<!-- End of what the bench wrote. -->';
const BYTES_PER_MB = 1_000_000;
const PROFILE_ROWS = 20;

const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
const head = (cells: readonly string[]) => [row(cells), row(cells.map((_, i) => (i === 0 ? '---' : '--:')))];
const whole = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 0 });

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The report as Markdown: medians over the rounds; a ratio is the median of the rounds' own ratios. */
export function toMarkdown(report: Report): string {
  return [
    `Node ${process.versions.node}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${process.platform}. Each figure is a`,
    'median of the rounds; each ratio the median of its rounds, to (a) in the same round. Of bulks an operation is one',
    'request with its 100 customers.',
    '',
    '### What was aimed at: creates, 16 at once',
    '',
    ...aimsTable(report.tables),
    '',
    ...report.tables.flatMap((table) => report.works.flatMap((work) => workTable(table, work))),
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
    '### Where the main thread of the gateway is during creates at 16 at once',
    '',
    ...head(['', 'of its time']),
    ...profileRows(report.inside.profile),
    '',
    '### `npm start`, from the command to the banner',
    '',
    ...head(['', 'ms, each run']),
    row(['new cluster', report.starts.newCluster.map(whole).join(', ')]),
    row(['existing cluster', report.starts.existingCluster.map(whole).join(', ')]),
  ].join('\n');
}

/** The largest shares, and the rest in one. */
function profileRows(profile: Inside['profile']): string[] {
  const shares = Object.entries(profile).toSorted(([, a], [, b]) => b - a);
  const sum = (parts: typeof shares) => parts.reduce((total, [, ms]) => total + ms, 0);
  const share = (ms: number) => `${((ms / sum(shares)) * 100).toFixed(1)} %`;
  return [
    ...shares.slice(0, PROFILE_ROWS).map(([name, ms]) => row([name, share(ms)])),
    row(['everything else', share(sum(shares.slice(PROFILE_ROWS)))]),
  ];
}

/** The rounds of the contender whose name begins so. */
function figuresOf({ measured }: Table, name: string, work: string): readonly Figures[] {
  return measured.find((contender) => contender.name.startsWith(name))?.figures.get(work) ?? [];
}

/** The median of the rounds' own ratios. */
function ratioOf(rounds: readonly Figures[], others: readonly Figures[], key: keyof Figures): string {
  return median(rounds.map((round, i) => round[key] / (others[i]?.[key] ?? Number.NaN))).toFixed(2);
}

/** The gateway's figures beside a peer's, with each size of the table. */
function aimsTable(tables: readonly Table[]): string[] {
  const work = 'create, 16 at once';
  const ratio = (table: Table, peer: string, key: keyof Figures) =>
    ratioOf(figuresOf(table, 'the gateway', work), figuresOf(table, peer, work), key);
  const aims: readonly (readonly [aim: string, bound: string, peer: string, key: keyof Figures])[] = [
    ['operations/s, of (a)', 'at least 0.70', '(a)', 'perSecond'],
    ['operations/s, of (b)', 'at least 1.00', '(b)', 'perSecond'],
    ['operations/s, of (c)', 'at least 2.00', '(c)', 'perSecond'],
    ['p99, of (b)', 'at most 1.00', '(b)', 'p99'],
    ['CPU each, of (a)', 'at most 1.73', '(a)', 'cpu'],
  ];
  return [
    ...head(['', 'aim', ...tables.map(({ size }) => `${whole(size)} customers`)]),
    ...aims.map(([aim, bound, peer, key]) =>
      row([aim, bound, ...tables.map((table) => ratio(table, peer, key))]),
    ),
  ];
}

function workTable(table: Table, work: string): string[] {
  const { size, measured } = table;
  const limit = figuresOf(table, '(a)', work);
  return [
    `### ${work}, ${whole(size)} customers`,
    '',
    ...head(['', 'of (a)', 'operations/s', 'p50 ms', 'p99 ms', 'CPU ms each']),
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
      ]);
    }),
    '',
  ];
}

/** Puts the report in its place in docs/performance.md. */
export async function writeReport(report: Report): Promise<void> {
  await writeSection('performance.md', 'npm run bench -- --write', toMarkdown(report));
}

/** Replaces what `command` wrote into a document of `docs/` before. */
export async function writeSection(document: string, command: string, markdown: string): Promise<void> {
  const file = new URL(`../docs/${document}`, import.meta.url);
  const begin = `<!-- Written by \`${command}\`; do not edit. -->`;
  const [before, rest] = (await readFile(file, 'utf8')).split(begin);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${file.pathname} has no place for it`);
  const changed = `${before}${begin}\n\n${markdown}\n\n${END}${after}`;
  await writeFile(file, await format(changed, { parser: 'markdown', printWidth: 110 }));
}
