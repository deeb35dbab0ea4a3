import { type Contender } from './contenders.ts';
import { type BenchDatabase } from './database.ts';
import { measure } from './load.ts';
import { startServer } from './server.ts';

const STEPS = 10;
const CONNECTIONS = 16;

/** Resident memory of a process, in bytes, once it has done so many operations. */
export interface MemorySample {
  readonly operations: number;
  readonly rssBytes: number;
}

/** Creates `amount` customers at 16 at once and looks at the memory after each tenth of them. */
export async function measureMemory(
  database: BenchDatabase,
  contender: Contender,
  amount: number,
  folder: string,
): Promise<MemorySample[]> {
  const server = await startServer(contender, `${folder}/memory.log`);
  const samples: MemorySample[] = [];
  try {
    for (let step = 1; step <= STEPS; step += 1) {
      await measure(server, database.client, {
        operation: contender.operations.create,
        uuids: [],
        connections: CONNECTIONS,
        amount: amount / STEPS,
      });
      const { rssBytes } = await server.usage();
      samples.push({ operations: (amount / STEPS) * step, rssBytes });
    }
    return samples;
  } finally {
    await server.stop();
  }
}
