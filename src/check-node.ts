/** The oldest Node that the gateway runs on. */
const OLDEST = 24;

/**
 * Ends the process with one sentence when this Node is too old. Older ones load this file, so it imports nothing, and
 * who calls it imports the rest after that, by `import()`.
 *
 * @param alternative - the command to use, where there is one by name.
 */
export function checkNode(alternative: string): void {
  const { node } = process.versions;
  if (Number.parseInt(node, 10) >= OLDEST) return;
  process.stderr.write(
    `The gateway needs Node ${OLDEST} or later and this is Node ${node}: use ${alternative}, or run it with node_modules/.bin/node.\n`,
  );
  process.exit(1);
}
