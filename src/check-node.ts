/** The oldest Node that the gateway runs on. */
const OLDEST = 24;

/**
 * Exits with a message if this Node is too old. Older versions must be able to load this file, so it imports nothing, and its
 * callers import the rest afterwards with `import()`.
 *
 * @param alternative - the command to use, where there is one by name.
 */
export function checkNode(alternative: string): void {
  const { node } = process.versions;
  if (Number.parseInt(node, 10) >= OLDEST) return;
  process.stderr.write(
    `The gateway requires Node ${OLDEST} or later, but this is Node ${node}. Use ${alternative}, or run it with node_modules/.bin/node.\n`,
  );
  process.exit(1);
}
