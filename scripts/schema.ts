import 'reflect-metadata';
import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { buildGatewaySchema } from '../dist/src/graphql/schema.js';
import { compareSchemas } from './compare-schemas.ts';
import { printGatewaySchema } from './print-schema.ts';

/**
 * Writes `schema.graphql`. With `--check` only compares: that file with the code, and the code with the contract of the
 * last release, which `--release` writes.
 */
const CONTRACT = 'schema.graphql';
const RELEASED = 'schema.released.graphql';

const text = printGatewaySchema(await buildGatewaySchema());
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(await readFile('package.json', 'utf8')));
const releaseHeader = `# The contract of release ${version}. Written by \`npm version\`.\n`;

if (process.argv.includes('--check')) await check();
else if (process.argv.includes('--release')) await writeFile(RELEASED, text.replace(/^#.*\n/, releaseHeader));
else await writeFile(CONTRACT, text);

async function check(): Promise<void> {
  const released = await readFile(RELEASED, 'utf8');
  const { breaking, expected } = compareSchemas(released, text);
  for (const change of expected) process.stdout.write(`New since the last release: ${change}\n`);

  const problems = breaking.map((change) => `Breaks clients of the last release: ${change}`);
  if ((await readFile(CONTRACT, 'utf8')) !== text) {
    problems.push(`${CONTRACT} differs from the code; run \`npm run schema\` and commit it.`);
  }
  if (!released.startsWith(releaseHeader)) {
    problems.push(`${RELEASED} is not of version ${version}; releases are made by \`npm version\`.`);
  }
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
}
