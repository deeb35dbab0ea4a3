import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { brunoFiles } from './collections/bruno.ts';
import { postmanFiles } from './collections/postman.ts';
import { readRequests } from './collections/read-requests.ts';

/**
 * Writes the collections for API clients from `examples/examples.graphql`. With `--check` only compares them, and reports requests
 * without an operation. It deletes nothing: a file may be a request that a developer tries in Bruno.
 */
const FOLDER = 'examples/collections';

const folders = await readRequests();
const generated = new Map<string, string>([
  ...Object.entries(await postmanFiles(folders)),
  ...Object.entries(await brunoFiles(folders)).map(([path, content]): [string, string] => [
    join('bruno', path),
    content,
  ]),
]);
if (process.argv.includes('--check')) await check();
else await write();

async function write(): Promise<void> {
  for (const [path, content] of generated) {
    await mkdir(dirname(join(FOLDER, path)), { recursive: true });
    await writeFile(join(FOLDER, path), content);
  }
}

async function check(): Promise<void> {
  const files = await readdir(FOLDER, { recursive: true });
  const problems = files
    // An environment of a developer's own is ignored by Git.
    .filter(
      (path) => path.endsWith('.bru') && !path.startsWith('bruno/environments/') && !generated.has(path),
    )
    .map((path) => `${FOLDER}/${path} has no operation in examples/examples.graphql; delete it.`);
  for (const [path, content] of generated) {
    if (files.includes(path) && (await readFile(join(FOLDER, path), 'utf8')) === content) continue;
    problems.push(`${FOLDER}/${path} differs from examples/; run \`npm run collections\` and commit it.`);
  }
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
}
