import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { brunoFiles } from './collections/bruno.ts';
import { postmanFiles } from './collections/postman.ts';
import { readRequests } from './collections/read-requests.ts';

/**
 * Writes the collections for API clients from `examples/examples.graphql`. With `--check` only compares them. Removes, or reports,
 * files of operations that no longer exist.
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
const existing = (await readdir(FOLDER, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map(({ parentPath, name }) => relative(FOLDER, join(parentPath, name)));
const leftOver = existing.filter((path) => path.startsWith('bruno/') && !generated.has(path));

if (process.argv.includes('--check')) await check();
else await write();

async function write(): Promise<void> {
  for (const path of leftOver) await rm(join(FOLDER, path));
  for (const [path, content] of generated) {
    await mkdir(dirname(join(FOLDER, path)), { recursive: true });
    await writeFile(join(FOLDER, path), content);
  }
}

async function check(): Promise<void> {
  const outdated = [...leftOver];
  for (const [path, content] of generated) {
    if (!existing.includes(path) || (await readFile(join(FOLDER, path), 'utf8')) !== content)
      outdated.push(path);
  }
  for (const path of outdated) {
    process.stderr.write(
      `${FOLDER}/${path} differs from examples/; run \`npm run collections\` and commit it.\n`,
    );
  }
  if (outdated.length > 0) process.exitCode = 1;
}
