import { Readable, Writable } from 'node:stream';
import { runCommand } from '../../src/cli/run-command.js';
import { CLI, environment, type Finished, type Running, startProgram } from './process.js';

/**
 * Options of Node for a heap of 50 MB, of which a command alone needs up to 35. The small young generation keeps the
 * garbage collector from using several times the CPU of the command.
 */
export const SMALL_HEAP = '--max-old-space-size=50 --max-semi-space-size=4';

/** A command that runs in this process. */
export interface OpenCommand {
  /** What it has written so far. */
  written(): { readonly stdout: string; readonly stderr: string };
  readonly finished: Promise<Finished>;
  /** Tells it to stop, as Ctrl+C does, and waits for its end. */
  stop(): Promise<Finished>;
}

/** An operator at the command line. */
export interface Operator {
  /** Runs a command to its end, in this process, which takes a fraction of the time of one of its own. */
  run(...args: string[]): Promise<Finished>;
  /** As `run`; a command that ends in order when it is told to stop, does so once `stopping` is aborted. */
  runUntil(stopping: AbortSignal, ...args: string[]): Promise<Finished>;
  /** Starts a command in this process. */
  open(...args: string[]): OpenCommand;
  /** Runs a command, in this process, that must succeed. @returns its answer in JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- an answer has whatever shape its test asserts
  ask(...args: string[]): Promise<any>;
  /** Starts a command as a process, for tests of signals, memory, Node's options or several processes. */
  start(...args: string[]): Running;
}

/** One who works with these environment variables, which are those of the gateway. */
export function operator(variables: Readonly<Record<string, string>>): Operator {
  const start = (stopping: AbortSignal, args: string[]): Omit<OpenCommand, 'stop'> => {
    const [stdout, stderr] = [new CollectedText(), new CollectedText()];
    const written = () => ({ stdout: stdout.text(), stderr: stderr.text() });
    const finished = runCommand(args, {
      env: environment(variables),
      stdin: Readable.from([]),
      stdout,
      stderr,
      withAbortOnSignal: (work) => work(stopping),
    }).then((code) => ({ code, ...written() }));
    return { written, finished };
  };
  const runUntil = (stopping: AbortSignal, ...args: string[]) => start(stopping, args).finished;
  const run = (...args: string[]) => runUntil(new AbortController().signal, ...args);
  return {
    run,
    runUntil,
    open(...args) {
      const stopping = new AbortController();
      const command = start(stopping.signal, args);
      return {
        ...command,
        stop() {
          stopping.abort();
          return command.finished;
        },
      };
    },
    async ask(...args) {
      const { code, stdout, stderr } = await run(...args, '--json');
      if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
      return JSON.parse(stdout);
    },
    start: (...args) => startProgram(process.execPath, [CLI, ...args], variables),
  };
}

/** Keeps what is written to it. */
class CollectedText extends Writable {
  readonly #chunks: Buffer[] = [];

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#chunks.push(chunk);
    done();
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}
