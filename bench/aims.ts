import { type Figures } from './load.ts';
import { head, row, whole } from './markdown.ts';
import { figuresOf, ratioOf, type Table } from './table.ts';
import { type WorkName } from './works.ts';

/** What the gateway should reach beside a peer: at least so much of its throughput, at most so much of its latency. */
interface Aim {
  readonly work: WorkName;
  readonly key: keyof Figures & ('perSecond' | 'p99');
  readonly of: Readonly<Record<(typeof PEERS)[number], number>>;
}

const PEERS = ['(a)', '(f)'] as const;

const aims: readonly Aim[] = [
  { work: 'create, 16 at once', key: 'perSecond', of: { '(a)': 1, '(f)': 1.2 } },
  { work: 'create, 64 at once', key: 'perSecond', of: { '(a)': 1.5, '(f)': 1.5 } },
  { work: 'create, 64 at once, 1 ms to PostgreSQL', key: 'perSecond', of: { '(a)': 1.5, '(f)': 1.5 } },
  { work: 'read, 16 at once', key: 'perSecond', of: { '(a)': 0.75, '(f)': 1 } },
  { work: 'read, 64 at once', key: 'perSecond', of: { '(a)': 1, '(f)': 1.2 } },
  { work: 'page of 20, 16 at once', key: 'perSecond', of: { '(a)': 0.6, '(f)': 0.9 } },
  { work: 'create, 16 at once', key: 'p99', of: { '(a)': 1, '(f)': 1 } },
  { work: 'create, 64 at once', key: 'p99', of: { '(a)': 1, '(f)': 1 } },
];

const names = { perSecond: 'operations/s', p99: 'p99' };
const bounds = { perSecond: 'at least', p99: 'at most' };

/** The gateway's ratios to (a) and (f) beside their aims, for each number of customers. */
export function aimsTable(tables: readonly Table[]): string[] {
  const sizes = [...new Set(tables.map(({ size }) => size))];
  const ratio = ({ work, key }: Aim, peer: string, size: number) => {
    const table = tables.find((candidate) => candidate.size === size && candidate.works.includes(work));
    return table ? ratioOf(figuresOf(table, 'the gateway', work), figuresOf(table, peer, work), key) : '';
  };
  return [
    ...head([
      '',
      ...PEERS.flatMap((peer) => [`of ${peer}`, ...sizes.map((size) => `${whole(size)} customers`)]),
    ]),
    ...aims.map((aim) =>
      row([
        `${aim.work}: ${names[aim.key]}`,
        ...PEERS.flatMap((peer) => [
          `${bounds[aim.key]} ${aim.of[peer].toFixed(2)}`,
          ...sizes.map((size) => ratio(aim, peer, size)),
        ]),
      ]),
    ),
  ];
}
