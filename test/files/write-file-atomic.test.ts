import { readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeWritten, writeFileAtomic } from '../../src/files/write-file-atomic.js';
import { temporaryFolder } from '../support/process.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let path: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder.path, 'kept.json');
  await writeFile(path, 'old', { mode: 0o644 });
});
afterEach(() => folder.remove());

const names = () => readdir(folder.path);

test('a write replaces the file as a whole, which only its owner can read, and leaves nothing else', async () => {
  await writeFileAtomic(path, 'new');
  expect(await readFile(path, 'utf8')).toBe('new');
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await names()).toEqual(['kept.json']);
});

test('until it is complete the file has the old content, and only the owner can read the new', async () => {
  let meanwhile: unknown;
  async function* pieces() {
    yield 'new';
    const part = (await names()).find((name) => name.endsWith('.part')) ?? '';
    const { mode } = await stat(join(folder.path, part));
    meanwhile = { content: await readFile(path, 'utf8'), mode: mode & 0o777 };
    yield 'er';
  }
  await writeFileAtomic(path, pieces());
  expect(meanwhile).toEqual({ content: 'old', mode: 0o600 });
  expect(await readFile(path, 'utf8')).toBe('newer');
});

test('a write that fails leaves the old content and nothing else', async () => {
  async function* pieces() {
    yield 'new';
    throw new Error('lost');
  }
  await expect(writeFileAtomic(path, pieces())).rejects.toThrow('lost');
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await names()).toEqual(['kept.json']);
});

test('a write that is aborted leaves the old content and nothing else', async () => {
  const stopping = new AbortController();
  async function* pieces() {
    yield 'new';
    stopping.abort();
    yield 'er';
  }
  await expect(writeFileAtomic(path, pieces(), stopping.signal)).rejects.toThrow('aborted');
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await names()).toEqual(['kept.json']);
});

test('a symbolic link is replaced, and its target is left unchanged', async () => {
  const link = join(folder.path, 'link');
  await symlink(path, link);
  await writeFileAtomic(link, 'new');
  expect(await readFile(path, 'utf8')).toBe('old');
  expect(await readFile(link, 'utf8')).toBe('new');
});

test('of writes at once one wins as a whole', async () => {
  const contents = Array.from({ length: 20 }, (_, number) => String(number).repeat(10_000));
  await Promise.all(contents.map((content) => writeFileAtomic(path, content)));
  expect(contents).toContain(await readFile(path, 'utf8'));
  expect(await names()).toEqual(['kept.json']);
});

test('a file is removed with what killed writes have left of it, and nothing else', async () => {
  const others = ['kept.json.part', 'kept.json.0123456789ab.txt', 'other.json.0123456789ab.part'];
  for (const name of ['kept.json.0123456789ab.part', ...others]) await writeFile(join(folder.path, name), '');
  await removeWritten(path);
  expect((await names()).toSorted()).toEqual(others.toSorted());
});
