import { type Operations } from './operations.ts';

/** A kind of work and how much of it at once. */
interface Work {
  readonly name: string;
  readonly kind: keyof Operations;
  readonly connections: number;
}

export const works = [
  { name: 'create, 1 at once', kind: 'create', connections: 1 },
  { name: 'create, 16 at once', kind: 'create', connections: 16 },
  { name: 'create, 64 at once', kind: 'create', connections: 64 },
  { name: 'read, 16 at once', kind: 'read', connections: 16 },
  { name: 'page of 20, 16 at once', kind: 'page', connections: 16 },
  { name: 'bulk of 100, 4 at once', kind: 'bulk', connections: 4 },
] as const satisfies readonly Work[];

type WorkName = (typeof works)[number]['name'];

/** How much is measured. */
export interface Plan {
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly warmUp: Readonly<Partial<Record<WorkName, number>>>;
  readonly amounts: Readonly<Record<WorkName, number>>;
  readonly tripsOf: number;
  readonly memory: number;
  readonly starts: number;
}

export const full: Plan = {
  sizes: [1_000, 1_000_000],
  rounds: 3,
  warmUp: {
    'create, 16 at once': 30_000,
    'read, 16 at once': 10_000,
    'page of 20, 16 at once': 2_000,
    'bulk of 100, 4 at once': 100,
  },
  amounts: {
    'create, 1 at once': 1_000,
    'create, 16 at once': 6_000,
    'create, 64 at once': 6_000,
    'read, 16 at once': 6_000,
    'page of 20, 16 at once': 2_000,
    'bulk of 100, 4 at once': 60,
  },
  tripsOf: 50,
  memory: 100_000,
  starts: 3,
};

/** Only shows that everything runs. */
export const quick: Plan = {
  sizes: [100],
  rounds: 1,
  warmUp: { 'create, 16 at once': 64, 'read, 16 at once': 64 },
  amounts: {
    'create, 1 at once': 20,
    'create, 16 at once': 64,
    'create, 64 at once': 128,
    'read, 16 at once': 64,
    'page of 20, 16 at once': 32,
    'bulk of 100, 4 at once': 4,
  },
  tripsOf: 10,
  memory: 500,
  starts: 1,
};
