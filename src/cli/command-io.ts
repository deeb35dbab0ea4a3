import { type Readable, type Writable } from 'node:stream';
import { visibleText } from '../validation/visible-text.js';

/** An output stream of a process. `isTTY` and `columns` are set when it is a terminal. */
export interface OutputStream extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The input of a process. `isTTY` is set when it is a terminal. */
export interface InputStream extends Readable {
  readonly isTTY?: boolean;
}

/** Everything the command line takes from its process. It gets it as an argument, so tests can run it in process. */
export interface ProcessIo {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Runs work that must end in order when the user stops the command, which aborts the signal. */
  readonly withAbortOnSignal: <Result>(work: (stopping: AbortSignal) => Promise<Result>) => Promise<Result>;
}

/** What a command works with: the same, with outputs that are safe to write any text to. */
export interface CommandIo extends Omit<ProcessIo, 'stdout' | 'stderr'> {
  readonly stdout: Output;
  readonly stderr: Output;
}

/**
 * Writes text for people. It may contain names from the database, cells of files and messages of servers, which must not
 * control the terminal: `visibleText` escapes it.
 */
export class Output {
  /** @param raw - takes output that is not text for people: an export's data, and the control sequences of a progress bar. */
  constructor(readonly raw: OutputStream) {}

  get isTTY(): boolean {
    return this.raw.isTTY === true;
  }

  get columns(): number | undefined {
    return this.raw.columns;
  }

  write(text: string): void {
    this.raw.write(visibleText(text));
  }
}
