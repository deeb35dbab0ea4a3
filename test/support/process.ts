import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a process of ours inherits: never this test's own settings. */
export const environment = (variables: Readonly<Record<string, string>>) => ({
  PATH: process.env['PATH'],
  ...variables,
});

/** A program that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
}

/** Starts a program. */
export function startProgram(
  program: string,
  args: string[],
  variables: Readonly<Record<string, string>> = {},
): Running {
  const child = spawn(program, args, { env: environment(variables), stdio: ['ignore', 'pipe', 'pipe'] });
  const finished = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]).then(
    ([stdout, stderr]) => ({ code: child.exitCode, stdout, stderr }),
  );
  return { child, finished };
}

/** Runs a program to its end. */
export function run(
  program: string,
  args: string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  return startProgram(program, args, variables).finished;
}

/** What a gateway writes once it serves: a line of JSON, or a line for people. */
const STARTED = /(?:"url":"|^ {2}GraphQL API +)(http:[^"\s]+)["\n]/m;

/** A gateway in a process of its own, as `npm start` runs it once it is built. */
export interface GatewayProcess {
  readonly child: ChildProcess;
  /** Where operations are sent. */
  readonly url: string;
  /** What it has written so far, to its output and its errors. */
  output(): string;
  /** Sends a signal and waits for the end. */
  stop(signal: NodeJS.Signals): Promise<Finished>;
}

/** The bundled gateway and its commands, which tests of whole processes run. */
export const GATEWAY = 'dist/bundle/src/main.js';
export const CLI = 'dist/bundle/src/cli/main.js';

/** Less than a test may take, so that a gateway that hangs is stopped and its test fails with its output. */
const START_TIMEOUT_MS = 25_000;

/** A gateway that may not answer yet. */
export type StartingGateway = Omit<GatewayProcess, 'url'> & {
  /** Resolves when it answers. @throws when it ends before that, or after 25 s, which stops it. */
  answers(): Promise<GatewayProcess>;
};

/**
 * Starts one.
 *
 * @param program - another program, whose log has a URL too.
 * @param executable - what runs it, by default Node.
 */
export function spawnGateway(
  variables: Readonly<Record<string, string>>,
  program: readonly string[] = [GATEWAY],
  executable: string = process.execPath,
): StartingGateway {
  const child = spawn(executable, program, {
    env: environment({ PORT: '0', LOG_FORMAT: 'json', ...variables }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const ended = new Promise<Finished>((resolve) => {
    child.once('close', (code) => {
      resolve({ code, stdout: output, stderr: '' });
    });
  });
  const address = new Promise<string>((resolve) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const url = STARTED.exec(output)?.[1];
      if (url) resolve(url);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
  const gateway = {
    child,
    output: () => output,
    stop: (signal: NodeJS.Signals) => {
      child.kill(signal);
      return ended;
    },
  };
  return {
    ...gateway,
    async answers() {
      const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS);
      const url = await Promise.race([address, ended]);
      clearTimeout(timer);
      if (typeof url !== 'string') {
        throw new Error(`The gateway ended, or did not respond within ${START_TIMEOUT_MS} ms:\n${output}`);
      }
      return { ...gateway, url };
    },
  };
}

/** Starts one and waits until it answers. @throws when it ends before that. */
export function startGatewayProcess(variables: Record<string, string>): Promise<GatewayProcess> {
  return spawnGateway(variables).answers();
}

/** A folder of a test's own and how to remove it. */
export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'customer-gateway-start-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}
