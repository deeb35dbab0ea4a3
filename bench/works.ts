import { type Operations } from './operations.ts';

/** A kind of work and how much of it at once. */
export interface Work {
  readonly name: WorkName;
  readonly kind: keyof Operations;
  readonly connections: number;
}

/** Measured with PostgreSQL beside the servers. */
const near = [
  { name: 'create, 1 at once', kind: 'create', connections: 1 },
  { name: 'create, 16 at once', kind: 'create', connections: 16 },
  { name: 'create, 64 at once', kind: 'create', connections: 64 },
  { name: 'create, 256 at once', kind: 'create', connections: 256 },
  { name: 'read, 1 at once', kind: 'read', connections: 1 },
  { name: 'read, 16 at once', kind: 'read', connections: 16 },
  { name: 'read, 64 at once', kind: 'read', connections: 64 },
  { name: 'read, 256 at once', kind: 'read', connections: 256 },
  { name: 'page of 20, 16 at once', kind: 'page', connections: 16 },
  { name: 'bulk of 100, 4 at once', kind: 'bulk', connections: 4 },
] as const;

/** Measured with a network between the servers and PostgreSQL. */
const far = [
  { name: 'create, 1 at once, 1 ms to PostgreSQL', kind: 'create', connections: 1 },
  { name: 'create, 64 at once, 1 ms to PostgreSQL', kind: 'create', connections: 64 },
  { name: 'read, 64 at once, 1 ms to PostgreSQL', kind: 'read', connections: 64 },
] as const;

export type WorkName = (typeof near | typeof far)[number]['name'];

export const works: readonly Work[] = near;
export const delayedWorks: readonly Work[] = far;

/** How much is measured. */
export interface Plan {
  readonly sizes: readonly number[];
  readonly rounds: number;
  /** Fewer connections than the works name, if it is lower. */
  readonly maxConnections: number;
  readonly warmUp: Readonly<Partial<Record<WorkName, number>>>;
  /** What a server does first in its turn: after a rest, V8 compiles again what it has discarded. */
  readonly waking: Readonly<Record<keyof Operations, number>>;
  readonly amounts: Readonly<Record<WorkName, number>>;
  readonly tripsOf: number;
  readonly memory: number;
  readonly starts: number;
}

export const full: Plan = {
  sizes: [1_000, 1_000_000],
  rounds: 5,
  maxConnections: Infinity,
  warmUp: {
    'create, 16 at once': 30_000,
    'read, 16 at once': 10_000,
    'page of 20, 16 at once': 2_000,
    'bulk of 100, 4 at once': 40,
    'create, 64 at once, 1 ms to PostgreSQL': 20_000,
    'read, 64 at once, 1 ms to PostgreSQL': 10_000,
  },
  waking: { create: 1_000, read: 1_000, page: 250, bulk: 10 },
  amounts: {
    'create, 1 at once': 500,
    'create, 16 at once': 2_000,
    'create, 64 at once': 2_000,
    'create, 256 at once': 2_000,
    'read, 1 at once': 500,
    'read, 16 at once': 2_000,
    'read, 64 at once': 2_000,
    'read, 256 at once': 2_000,
    'page of 20, 16 at once': 600,
    'bulk of 100, 4 at once': 24,
    'create, 1 at once, 1 ms to PostgreSQL': 500,
    'create, 64 at once, 1 ms to PostgreSQL': 2_000,
    'read, 64 at once, 1 ms to PostgreSQL': 2_000,
  },
  tripsOf: 50,
  memory: 100_000,
  starts: 3,
};

/** Only shows that everything runs. */
export const quick: Plan = {
  sizes: [100],
  rounds: 1,
  maxConnections: 8,
  warmUp: { 'create, 16 at once': 32, 'read, 16 at once': 32 },
  waking: { create: 16, read: 16, page: 16, bulk: 4 },
  amounts: {
    'create, 1 at once': 8,
    'create, 16 at once': 32,
    'create, 64 at once': 32,
    'create, 256 at once': 32,
    'read, 1 at once': 8,
    'read, 16 at once': 32,
    'read, 64 at once': 32,
    'read, 256 at once': 32,
    'page of 20, 16 at once': 16,
    'bulk of 100, 4 at once': 4,
    'create, 1 at once, 1 ms to PostgreSQL': 8,
    'create, 64 at once, 1 ms to PostgreSQL': 32,
    'read, 64 at once, 1 ms to PostgreSQL': 32,
  },
  tripsOf: 4,
  memory: 500,
  starts: 1,
};
