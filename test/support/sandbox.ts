import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Debian's own programs first, so that what a test runs is what an operator's shell finds. */
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A shell of root in namespaces of its own. What it starts ends with it. */
export interface Sandbox {
  /** Runs commands; variables stay for the next ones. @returns standard output. @throws when a command fails. */
  run(commands: string): Promise<string>;
  /** Replaces the shell by one in a network of its own, in which only `lo` exists. Only exported variables stay. */
  leaveNetwork(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a shell whose mounts and processes are its own.
 *
 * @param folder - an existing folder for its scripts and their output.
 * @param variables - what its environment has beside the caller's.
 */
export function startSandbox(folder: string, variables: Readonly<Record<string, string>>): Sandbox {
  const path = `${SYSTEM_PATH}:${process.env['PATH'] ?? ''}`;
  const args = [
    '--mount',
    '--propagation=private',
    '--pid',
    '--fork',
    '--kill-child',
    'bash',
    '-euo',
    'pipefail',
  ];
  const shell = spawn('unshare', args, {
    cwd: '/',
    env: { ...process.env, ...variables, PATH: path },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // A shell that has ended is reported by the next command.
  shell.stdin.on('error', () => {});
  const closed = once(shell, 'close');
  const lines = createInterface(shell.stdout)[Symbol.asyncIterator]();
  const script = join(folder, 'script.sh');
  const output = join(folder, 'stdout');
  const errors = join(folder, 'stderr');

  return {
    async run(commands) {
      await writeFile(script, commands);
      shell.stdin.write(`. ${script} >${output} 2>${errors} </dev/null; echo done\n`);
      const { done } = await lines.next();
      const stdout = await readFile(output, 'utf8');
      if (done) throw new Error(`A command failed:\n${stdout}${await readFile(errors, 'utf8')}`);
      return stdout;
    },
    async leaveNetwork() {
      shell.stdin.write('exec unshare --net bash -euo pipefail\n');
      await this.run('cd / && ip link set lo up');
    },
    async close() {
      shell.stdin.end();
      shell.kill('SIGKILL');
      await closed;
    },
  };
}
