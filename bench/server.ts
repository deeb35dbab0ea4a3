import { fork } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';

/** What a process has used since it began. */
export interface Usage {
  readonly cpuMs: number;
  readonly rssBytes: number;
}

/** A server under measurement, in a process of its own. */
export interface Server {
  readonly name: string;
  readonly url: string;
  usage(): Promise<Usage>;
  /** Does some work and returns where the process's main thread was meanwhile, in ms by package or folder. */
  profile(work: () => Promise<unknown>): Promise<Readonly<Record<string, number>>>;
  stop(): Promise<void>;
}

/** How to start one. */
export interface Entry {
  readonly name: string;
  /** The file to run. */
  readonly file: string;
  /** Node's own. */
  readonly nodeFlags: readonly string[];
  /** Modules to load before it. */
  readonly imports?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

const POLL_MS = 20;
const PROBE = fileURLToPath(new URL('probe.mjs', import.meta.url));

/** Starts a server and waits until it says where it answers. Its output goes to `logFile`. */
export async function startServer(entry: Entry, logFile: string): Promise<Server> {
  const log = await open(logFile, 'w');
  const child = fork(entry.file, {
    execArgv: [
      ...entry.nodeFlags,
      ...[PROBE, ...(entry.imports ?? [])].flatMap((file) => ['--import', file]),
    ],
    env: { PATH: process.env['PATH'], PORT: '0', ...entry.environment },
    stdio: ['ignore', log.fd, log.fd, 'ipc'],
  });
  await log.close();
  const ended = once(child, 'exit');

  let url: string | undefined;
  while (url === undefined) {
    const output = await readFile(logFile, 'utf8');
    if (child.exitCode !== null) throw new Error(`${entry.name} ended:\n${output}`);
    url = /(?: answers at |"url":"|GraphQL API +)([^"\s]+)/.exec(output)?.[1];
    await sleep(POLL_MS);
  }
  const ask = async (question: string) => {
    child.send(question);
    const [answer] = await once(child, 'message');
    return answer;
  };
  return {
    name: entry.name,
    url,
    usage: () => ask('usage'),
    async profile(work) {
      await ask('startProfile');
      await work();
      return ask('stopProfile');
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
