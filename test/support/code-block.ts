import { readFile } from 'node:fs/promises';

/** The only block of code in a language that a document has. @throws when it has none, or several. */
export async function codeBlock(file: string, language: string): Promise<string> {
  const blocks = [
    ...(await readFile(file, 'utf8')).matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g')),
  ];
  const [block, ...more] = blocks.map(([, code = '']) => code);
  if (block === undefined || more.length > 0)
    throw new Error(`${file} has ${blocks.length} blocks of ${language}`);
  return block;
}
