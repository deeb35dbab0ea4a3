import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  ...(await readdir('docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
];

/** All tests as text, with their titles. */
const tests = (
  await Promise.all(
    (await readdir('test', { recursive: true }))
      .filter((name) => name.endsWith('.ts') && !name.startsWith('node_modules'))
      .map((name) => readFile(`test/${name}`, 'utf8')),
  )
).join('\n');

/** The parts of the titles that a document quotes beside the file of a test, or `the same`: an ellipsis stands for other words. */
async function quotedTitles(document: string): Promise<string[]> {
  const lines = (await readFile(document, 'utf8'))
    .split('\n')
    .filter((line) => /\btest\/|the same/.test(line));
  return lines
    .flatMap((line) => [...line.matchAll(/"(?<title>[^"]{6,})"/g)])
    .flatMap(({ groups = {} }) => (groups['title'] ?? '').split('…'))
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

describe('the documentation', () => {
  test('quotes tests', async () => {
    expect(await quotedTitles('docs/security.md')).not.toEqual([]);
  });

  test.each(documents)('%s quotes no title that no test has', async (document) => {
    const unknown = (await quotedTitles(document)).filter((part) => !tests.includes(part));
    expect(unknown).toEqual([]);
  });
});
