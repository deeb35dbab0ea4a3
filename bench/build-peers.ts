import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Compiles (g): its decorators are the only code of the bench that Node does not run as it stands. */
export async function buildPeers(): Promise<void> {
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  await promisify(execFile)('npm', ['run', '--silent', 'build'], { cwd });
}
