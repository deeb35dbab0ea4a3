import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { buildGatewaySchema, printGatewaySchema } from '../graphql/schema.js';

/** Writes `schema.graphql`; with `--check` only compares it with the code and fails if it lags behind. */
const FILE = 'schema.graphql';

const text = printGatewaySchema(await buildGatewaySchema());
if (!process.argv.includes('--check')) {
  await writeFile(FILE, text);
} else if ((await readFile(FILE, 'utf8')) !== text) {
  process.stderr.write(`${FILE} differs from the code; run \`npm run schema\` and commit it.\n`);
  process.exitCode = 1;
}
