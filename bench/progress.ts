/** Tells whoever waits for the bench what it does. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}
