import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Times of `npm start` from the command to the banner, in ms. */
export interface StartTimes {
  readonly newCluster: readonly number[];
  readonly existingCluster: readonly number[];
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Starts the gateway with `npm start` on new and then on existing data, `count` times each. */
export async function measureStart(count: number): Promise<StartTimes> {
  const newCluster: number[] = [];
  const existingCluster: number[] = [];
  for (let run = 0; run < count; run += 1) {
    const dataDir = await mkdtemp(join(tmpdir(), 'customer-gateway-bench-'));
    try {
      newCluster.push(await timeStart(dataDir));
      existingCluster.push(await timeStart(dataDir));
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  }
  return { newCluster, existingCluster };
}

async function timeStart(dataDir: string): Promise<number> {
  const started = performance.now();
  const child = spawn('npm', ['start'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: '0', DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  // The pipe stays open until the gateway itself has ended, which npm does not wait for.
  const ended = once(child, 'close');
  let output = '';
  const ready = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
      if (output.includes('GraphQL API')) resolve();
    });
  });
  await Promise.race([ready, ended]);
  const ms = performance.now() - started;
  if (child.pid === undefined || child.exitCode !== null) throw new Error(`npm start ended:\n${output}`);
  // As Ctrl-C does: npm would hand a SIGTERM on, and the gateway takes a second one as an order to give up.
  process.kill(-child.pid, 'SIGINT');
  await ended;
  return ms;
}
