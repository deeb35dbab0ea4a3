import { readFile } from 'node:fs/promises';

/** A fenced code block of a Markdown document. */
export interface CodeBlock {
  /** The text of the level 2 heading above it, or '' if there is none. */
  readonly section: string;
  /** The word after the fence, such as `sh`. */
  readonly language: string;
  readonly code: string;
}

/** The fenced code blocks of a Markdown document, in their order, without the indentation of a list around them. */
export async function codeBlocks(file: string): Promise<CodeBlock[]> {
  const blocks: CodeBlock[] = [];
  let section = '';
  const pattern = /^## (?<heading>.+)$|^(?<indent> *)```(?<language>\w+)\n(?<code>[\s\S]*?)^ *```$/gm;
  for (const { groups = {} } of (await readFile(file, 'utf8')).matchAll(pattern)) {
    const { heading, language, code, indent = '' } = groups;
    if (heading !== undefined) section = heading;
    if (language !== undefined && code !== undefined) {
      blocks.push({ section, language, code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), '') });
    }
  }
  return blocks;
}

/** The only code block in a language that a document has. @throws if it has none or several. */
export async function codeBlock(file: string, language: string): Promise<string> {
  const blocks = (await codeBlocks(file)).filter((block) => block.language === language);
  const [block] = blocks;
  if (!block || blocks.length > 1) throw new Error(`${file} has ${blocks.length} blocks of ${language}`);
  return block.code;
}
