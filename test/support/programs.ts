import { spawnSync } from 'node:child_process';
import { relative } from 'node:path';
import { describe, expect } from 'vitest';

function missing(programs: readonly string[]): string[] {
  return programs.filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
}

/** Whether the machine has all these programs. If not, prints the test file and the programs, which `.ci/run` reads. In CI that is a failure. */
function has(programs: readonly string[]): boolean {
  const wanting = missing(programs);
  if (wanting.length === 0) return true;
  if (process.env['CI'] === 'true') throw new Error(`CI must have ${wanting.join(', ')}`);
  const file = relative('.', expect.getState().testPath ?? '');
  process.stdout.write(`Skipped ${file}: needs ${wanting.join(', ')}\n`);
  return false;
}

/** `describe`, skipped where the machine lacks a program that its tests need. */
export const describeWith = (...programs: string[]) => (has(programs) ? describe : describe.skip);
