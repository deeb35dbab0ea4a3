import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Compiles the gateway and its client. A release has no sources: it is compiled already, and this does nothing. */

const root = fileURLToPath(new URL('..', import.meta.url));
if (existsSync(join(root, 'src'))) process.exitCode = compile();

/** Runs the TypeScript compiler and returns its exit code. */
function compile() {
  const compiler = findCompiler();
  if (!compiler) {
    process.stderr.write(
      'The TypeScript compiler is not installed, so the sources cannot be built. ' +
        'Run `npm install --include=dev`, or run a release, which is built: see docs/production.md.\n',
    );
    return 1;
  }
  const args = [compiler, '--build', 'tsconfig.build.json', 'client'];
  return spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
}

function findCompiler() {
  try {
    const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
    return join(dirname(manifest), 'bin', 'tsc');
  } catch {
    return undefined;
  }
}
