import { type Output } from '../command-io.js';

/** How often a line of progress is written, in ms: over the one before on a terminal, and else below it. */
const TERMINAL_INTERVAL_MS = 100;
const PLAIN_INTERVAL_MS = 5_000;

/** Characters of the bar. */
const BAR_WIDTH = 30;

/** The control sequence that clears a terminal's line from the cursor on (ECMA-48, EL). */
const CLEAR_LINE = '\u001b[K';

/** Tells on stderr how far something has come: a bar on a terminal, else lines. One that is written over needs no library. */
export class ProgressDisplay {
  readonly #isTerminal: boolean;
  #lastAt = performance.now();

  constructor(
    private readonly total: number,
    private readonly stderr: Output,
  ) {
    this.#isTerminal = stderr.isTTY;
  }

  /** @param done - rows so far, of the total. */
  show(done: number): void {
    const now = performance.now();
    if (now - this.#lastAt < (this.#isTerminal ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS)) return;
    this.#lastAt = now;
    const share = done / this.total;
    const text = `${done} of ${this.total} rows, ${Math.floor(100 * share)} %`;
    const bar = '#'.repeat(Math.floor(BAR_WIDTH * share)).padEnd(BAR_WIDTH, '.');
    this.stderr.raw.write(this.#isTerminal ? `\r[${bar}] ${text}${CLEAR_LINE}` : `${text}\n`);
  }

  /** Takes the line away, so that what is written next has one of its own. */
  end(): void {
    if (this.#isTerminal) this.stderr.raw.write(`\r${CLEAR_LINE}`);
  }
}
