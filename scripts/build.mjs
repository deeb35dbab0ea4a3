import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Compiles the gateway and its client. A release has no sources: it is compiled already, and this does nothing. */

const root = fileURLToPath(new URL('..', import.meta.url));
if (existsSync(join(root, 'src'))) await compile();

/** Runs the TypeScript compiler in this process, which spares the start of another Node. The exit code is the compiler's. */
async function compile() {
  const compiler = findCompiler();
  if (!compiler) {
    process.stderr.write(
      'The TypeScript compiler is not installed, so the sources cannot be built. ' +
        'Run `npm install --include=dev`, or run a release, which is built: see docs/production.md.\n',
    );
    process.exitCode = 1;
    return;
  }
  process.chdir(root);
  process.argv.splice(1, Infinity, compiler, '--build', 'tsconfig.build.json', 'client');
  await import(pathToFileURL(compiler).href);
}

function findCompiler() {
  try {
    const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
    return join(dirname(manifest), 'bin', 'tsc');
  } catch {
    return undefined;
  }
}
