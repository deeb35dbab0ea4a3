import { spawnSync } from 'node:child_process';
import { describe } from '@jest/globals';

function missing(programs: readonly string[]): string[] {
  return programs.filter((program) => spawnSync('sh', ['-c', `command -v ${program}`]).status !== 0);
}

/** Whether the machine has all these programs. It says so by name when not; in CI that is a failure. */
function has(programs: readonly string[]): boolean {
  const wanting = missing(programs);
  if (wanting.length === 0) return true;
  if (process.env['CI'] === 'true') throw new Error(`CI must have ${wanting.join(', ')}`);
  process.stdout.write(`Skipped for want of ${wanting.join(', ')}\n`);
  return false;
}

/** `describe`, skipped where the machine lacks a program that its tests need. */
export const describeWith = (...programs: string[]) => (has(programs) ? describe : describe.skip);
