import { spawnSync } from 'node:child_process';
import { describe } from 'vitest';
import { type Finished, run } from './process.js';

/** `describe`, skipped for accounts other than root: its tests need another account. */
export const describeAsRoot = process.getuid?.() === 0 ? describe : describe.skip;

/** `describe`, skipped where this account may not mount a file system, as in most containers. */
export const describeWithMounts =
  spawnSync('unshare', ['--mount', 'true']).status === 0 ? describe : describe.skip;

/**
 * Runs Node as an account that owns nothing. It may read what root may, for a clone below `/root` is closed to others, but
 * not write.
 */
export function runAsStranger(
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<Finished> {
  const account = ['--reuid=12345', '--regid=12345', '--clear-groups'];
  const mayRead = ['--inh-caps=+dac_read_search', '--ambient-caps=+dac_read_search'];
  return run('setpriv', [...account, ...mayRead, process.execPath, ...args], variables);
}
