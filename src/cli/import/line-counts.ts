/** Maximum different reasons that are counted apart, and lines that are named for each. */
const MAX_REASONS = 20;
const MAX_LINES = 5;

/** Why rows are rejected or have notes, with the first lines of each reason. */
interface LineCount {
  readonly path: string;
  readonly code: string;
  readonly message: string;
  rows: number;
  /** From 1. */
  readonly lines: number[];
}

/** Counts the lines of a file by reason, within a bound on the number of reasons. */
export class LineCounts {
  readonly #counts = new Map<string, LineCount>();

  total = 0;

  /** Problems with other reasons than those that are counted apart. */
  others = 0;

  add({ path, code, message }: Pick<LineCount, 'path' | 'code' | 'message'>, line: number): void {
    this.total += 1;
    const key = `${code} ${path}`;
    let known = this.#counts.get(key);
    if (!known) {
      if (this.#counts.size === MAX_REASONS) {
        this.others += 1;
        return;
      }
      known = { path, code, message, rows: 0, lines: [] };
      this.#counts.set(key, known);
    }
    known.rows += 1;
    if (known.lines.length < MAX_LINES) known.lines.push(line);
  }

  /** The reasons, the most frequent first. */
  list(): readonly Readonly<LineCount>[] {
    return [...this.#counts.values()].toSorted((a, b) => b.rows - a.rows);
  }

  /** The same as lines for people. */
  lines(): string[] {
    const lines = this.list().map(
      ({ path, code, rows, lines: first }) =>
        `  ${rows}  ${path} (${code}), line${rows === 1 ? '' : 's'} ${first.join(', ')}${rows > first.length ? ', …' : ''}`,
    );
    return this.others > 0 ? [...lines, `  ${this.others}  other reasons`] : lines;
  }
}
