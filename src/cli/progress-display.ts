import { type Output } from './command-io.js';

/** How often progress is written, in ms. On a terminal, each line overwrites the previous one. */
const TERMINAL_INTERVAL_MS = 100;
const PLAIN_INTERVAL_MS = 5_000;

/** Characters of the bar. */
const BAR_WIDTH = 30;

/** The control sequence that clears a terminal's line from the cursor on (ECMA-48, EL). */
const CLEAR_LINE = '\u001b[K';

/** Reports progress on stderr: a progress bar on a terminal, otherwise lines. */
export class ProgressDisplay {
  readonly #isTerminal: boolean;
  #lastAt = performance.now();

  constructor(
    private readonly total: number,
    private readonly stderr: Output,
    /** What is counted. */
    private readonly unit: 'rows' | 'customers' = 'rows',
  ) {
    this.#isTerminal = stderr.isTTY;
  }

  /** @param done - how many were processed. */
  show(done: number): void {
    const now = performance.now();
    if (now - this.#lastAt < (this.#isTerminal ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS)) return;
    this.#lastAt = now;
    // More than there were at the start, if others were added meanwhile.
    const share = Math.min(done / this.total, 1);
    const text = `${done} of ${this.total} ${this.unit}, ${Math.floor(100 * share)} %`;
    const bar = '#'.repeat(Math.floor(BAR_WIDTH * share)).padEnd(BAR_WIDTH, '.');
    this.stderr.raw.write(this.#isTerminal ? `\r[${bar}] ${text}${CLEAR_LINE}` : `${text}\n`);
  }

  /** Clears the progress bar, so that the next output starts on an empty line. */
  end(): void {
    if (this.#isTerminal) this.stderr.raw.write(`\r${CLEAR_LINE}`);
  }
}
