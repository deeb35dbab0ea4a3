import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** The words of an instruction in its exec form. @param instruction - matches what is before the words. */
export async function execForm(instruction: RegExp): Promise<string[]> {
  const dockerfile = await readFile('Dockerfile', 'utf8');
  const words = new RegExp(`${instruction.source}\\s+(\\[.*\\])`, 'm').exec(dockerfile)?.[1] ?? '[]';
  return z.array(z.string()).parse(JSON.parse(words));
}

/** What the image runs. */
export const imageCommand = () => execForm(/^CMD/);
