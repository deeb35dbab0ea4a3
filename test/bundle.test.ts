import { readFile } from 'node:fs/promises';
import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
  introspectionFromSchema,
  lexicographicSortSchema,
  printSchema,
} from 'graphql';
import { expect, test } from 'vitest';
import { migratedDatabase } from './support/database.js';
import { startDemoGateway } from './support/demo-gateway.js';
import { temporaryFolder } from './support/process.js';

const print = (introspection: IntrospectionQuery) =>
  printSchema(lexicographicSortSchema(buildClientSchema(introspection)));

// A bundler renames classes whose names are used twice, and names of types come from classes.
test('the bundle has the schema of schema.graphql', async () => {
  const folder = await temporaryFolder();
  const gateway = await startDemoGateway(folder.path, { DATABASE_URL: await migratedDatabase() });
  const { json } = await gateway.client.send(getIntrospectionQuery({ specifiedByUrl: true }));
  await gateway.stop('SIGTERM');
  await folder.remove();
  const committed = buildSchema(await readFile('schema.graphql', 'utf8'));
  expect(print(json.data)).toBe(print(introspectionFromSchema(committed, { specifiedByUrl: true })));
});
