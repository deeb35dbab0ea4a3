import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createClient } from '@redis/client';
import { freePort } from './free-port.js';

/** A Redis server of a test's own, which the test may take away. */
export interface RedisServer {
  readonly url: string;
  /** Sends it one command and gives the reply. */
  command(...words: string[]): Promise<unknown>;
  /** Kills it. What it knew is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same port, unless it runs. */
  start(): Promise<void>;
  /** Keeps it from running while its connections stay, and lets it go on. */
  freeze(): void;
  thaw(): void;
}

/** Starts `redis-server` on a free port. Nothing is kept on disk. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const isRunning = () => child?.exitCode === null && child.signalCode === null;

  async function start(): Promise<void> {
    if (isRunning()) return;
    const words = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    child = spawn('redis-server', words, { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const chunk of child.stdout ?? []) {
      if (String(chunk).includes('Ready to accept connections')) break;
    }
    child.stdout?.destroy();
  }
  await start();

  return {
    url,
    start,
    async command(...words) {
      const client = createClient({ url });
      await client.connect();
      try {
        return await client.sendCommand(words);
      } finally {
        client.destroy();
      }
    },
    async kill() {
      if (!child || !isRunning()) return;
      const ended = once(child, 'close');
      child.kill('SIGKILL');
      await ended;
    },
    freeze: () => child?.kill('SIGSTOP'),
    thaw: () => child?.kill('SIGCONT'),
  };
}
