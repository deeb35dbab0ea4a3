import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'client/README.md',
  'deploy/helm/customer-gateway/README.md',
  'examples/collections/README.md',
  'examples/frontend/README.md',
  ...(await readdir('docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
];

/** Markdown without its code blocks. */
async function proseOf(document: string): Promise<string> {
  return (await readFile(document, 'utf8')).replaceAll(/^ *```[\s\S]*?^ *```$/gm, '');
}

/** The anchors that GitHub gives the headings of a document. */
async function anchorsOf(document: string): Promise<string[]> {
  return [...(await proseOf(document)).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(documents)('%s', (document) => {
  test('links to files and headings that exist', async () => {
    const links = [...(await proseOf(document)).matchAll(/\]\((?<target>[^)\s]+)\)/g)]
      .map(({ groups = {} }) => groups['target'] ?? '')
      .filter((target) => !/^https?:/.test(target));
    const broken: string[] = [];
    for (const link of links) {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? document : normalize(join(dirname(document), path));
      const found = anchor === undefined ? await exists(target) : (await anchorsOf(target)).includes(anchor);
      if (!found) broken.push(link);
    }
    expect(broken).toEqual([]);
  });
});

async function exists(path: string): Promise<boolean> {
  try {
    await readFile(path);
    return true;
  } catch (error) {
    // A folder is a valid target.
    return error instanceof Error && 'code' in error && error.code === 'EISDIR';
  }
}
