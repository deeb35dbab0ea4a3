import { type Contender } from './contenders.ts';
import { type BenchDatabase } from './database.ts';
import { measure } from './load.ts';
import { NOTHING } from './operations.ts';
import { startServer } from './server.ts';

const STEPS = 10;
const CONNECTIONS = 16;

/** Resident memory of a process, in bytes, once it has done so many operations. */
export interface MemorySample {
  readonly operations: number;
  readonly rssBytes: number;
}

/** What a process shows from inside under a long load. */
export interface Inside {
  readonly memory: readonly MemorySample[];
  /** Where its main thread was after that, in ms by package or folder. */
  readonly profile: Readonly<Record<string, number>>;
}

/**
 * Creates `amount` customers at 16 at once and looks at the memory after each tenth of them, then profiles one tenth
 * more.
 */
export async function lookInside(
  database: BenchDatabase,
  contender: Contender,
  amount: number,
  folder: string,
): Promise<Inside> {
  const server = await startServer(contender, `${folder}/inside.log`);
  const step = {
    operation: contender.operations.create,
    seeded: NOTHING,
    connections: CONNECTIONS,
    amount: amount / STEPS,
  };
  const memory: MemorySample[] = [];
  try {
    while (memory.length < STEPS) {
      await measure(server, database.client, step);
      const { rssBytes } = await server.usage();
      memory.push({ operations: step.amount * (memory.length + 1), rssBytes });
    }
    const profile = await server.profile(() => measure(server, database.client, step));
    return { memory, profile };
  } finally {
    await server.stop();
  }
}
