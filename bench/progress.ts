/** Prints a line of progress to standard error. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
