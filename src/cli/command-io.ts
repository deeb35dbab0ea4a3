import { type Readable, type Writable } from 'node:stream';

/** An output stream. `isTTY` and `columns` are set when it is a terminal. */
export interface Output extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Everything a command takes from its process. Commands get it as an argument, so tests can run them in process. */
export interface CommandIo {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: Readable;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Runs work that must end in order when the user stops the command, which aborts the signal. */
  readonly withAbortOnSignal: <Result>(work: (stopping: AbortSignal) => Promise<Result>) => Promise<Result>;
}
