import { type Contender } from './contenders.ts';
import { type BenchDatabase } from './database.ts';
import { measure } from './load.ts';
import { type Seeded } from './operations.ts';
import { startServer } from './server.ts';

const STEPS = 10;
const CONNECTIONS = 16;
const PROFILED = ['create', 'read', 'page'] as const;

/** Resident memory of a process, in bytes, once it has done so many operations. */
export interface MemorySample {
  readonly operations: number;
  readonly rssBytes: number;
}

/** What a process shows from inside under a long load. */
export interface Inside {
  readonly memory: readonly MemorySample[];
  /** Where its main thread was after that, for each kind of operation. */
  readonly profiles: Readonly<Record<ProfiledKind, Profile>>;
}

/** Time of the main thread in ms, by package or folder. */
export type Profile = Readonly<Record<string, number>>;

type ProfiledKind = (typeof PROFILED)[number];

/**
 * Creates `amount` customers at 16 at once and looks at the memory after each tenth of them, then profiles as many creates,
 * reads and pages as a tenth, each after as many to warm up.
 */
export async function lookInside(
  database: BenchDatabase,
  contender: Contender,
  { seeded, amount }: { seeded: Seeded; amount: number },
  folder: string,
): Promise<Inside> {
  const server = await startServer(contender, `${folder}/inside.log`);
  const execute = (kind: ProfiledKind) =>
    measure(server, database.client, {
      operation: contender.operations[kind],
      seeded,
      connections: CONNECTIONS,
      amount: amount / STEPS,
    });
  const memory: MemorySample[] = [];
  try {
    while (memory.length < STEPS) {
      await execute('create');
      const { rssBytes } = await server.usage();
      memory.push({ operations: (amount / STEPS) * (memory.length + 1), rssBytes });
    }
    const profile = async (kind: ProfiledKind): Promise<Profile> => {
      await execute(kind);
      return server.profile(() => execute(kind));
    };
    const profiles = {
      create: await profile('create'),
      read: await profile('read'),
      page: await profile('page'),
    };
    return { memory, profiles };
  } finally {
    await server.stop();
  }
}
