import { expect, test } from 'vitest';
import { migratedDatabase } from './support/database.js';
import { spawnGateway, temporaryFolder } from './support/process.js';

/** Prints the name of every module that is imported or required. */
const TELL_MODULES = `import { registerHooks } from 'node:module';
registerHooks({ resolve(name, context, next) { process.stderr.write(name + '\\n'); return next(name, context); } });`;

/** Starts a gateway and returns what it has loaded once it serves. */
async function modulesOf(variables: Record<string, string>): Promise<string[]> {
  const folder = await temporaryFolder();
  try {
    // Not the bundle, where a module is a part of a file.
    const options = {
      DATA_DIR: folder.path,
      DATABASE_URL: await migratedDatabase(),
      NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(TELL_MODULES)}`,
      ...variables,
    };
    const gateway = await spawnGateway(options, ['dist/src/main.js']).answers();
    await gateway.stop('SIGTERM');
    return gateway.output().split('\n');
  } finally {
    await folder.remove();
  }
}

test('a start loads no module that it does not need', async () => {
  const modules = await modulesOf({ PLAYGROUND: 'off' });
  expect(modules).toContain('fastify');
  for (const unused of [
    'ajv',
    'fast-json-stringify',
    'graphql-rate-limit',
    'jose',
    '@redis/client',
    '@fastify/static',
    'pino-pretty',
  ]) {
    expect(modules).not.toContain(unused);
  }
  expect(modules.filter((name) => /opentelemetry.*(sdk|exporter)|tracing\.js/.test(name))).toEqual([]);
});
