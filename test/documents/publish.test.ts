import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { limits } from '../../src/documents/limits.js';
import { publishDocuments } from '../../src/documents/publish-documents.js';
import { openOrm } from '../../src/orm/orm.js';
import { migratedDatabase, query } from '../support/database.js';
import { type Operator, operator } from '../support/operator.js';
import { type Finished, temporaryFolder } from '../support/process.js';
import { sharedResources } from '../support/resources.js';

const READ = 'query Read { customers { totalRecords } }';
const TYPENAME = '{ __typename }';

let environment: Record<string, string>;
let admin: Operator;
let folder: string;
const resources = sharedResources();
beforeAll(async () => {
  environment = {
    NODE_ENV: 'production',
    DATABASE_URL: await migratedDatabase(),
    SECRETS_KEY: randomBytes(32).toString('base64'),
  };
  admin = operator(environment);
  folder = resources.adopt(await temporaryFolder(), (it) => it.remove()).path;
});

const newClient = async (): Promise<string> => (await admin.ask('client', 'create', 'Partner')).clientId;

async function publish(clientId: string, manifest: object, by: Operator = admin): Promise<Finished> {
  const file = join(folder, 'manifest.json');
  await writeFile(file, JSON.stringify(manifest));
  return by.run('documents', 'publish', file, '--client', clientId, '--json');
}

async function published(clientId: string, manifest: object) {
  const { code, stdout, stderr } = await publish(clientId, manifest);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

/** The problems for which nothing was published. */
async function problemsOf(clientId: string, manifest: object, by?: Operator) {
  const { code, stdout } = await publish(clientId, manifest, by);
  expect(code).toBe(1);
  return JSON.parse(stdout).problems;
}

const list = (clientId: string): Promise<{ id: string; operationNames: string[]; publishedAt: string }[]> =>
  admin.ask('documents', 'list', '--client', clientId);

const idsOf = async (clientId: string) => (await list(clientId)).map(({ id }) => id).toSorted();

describe('documents that are published', () => {
  test('are listed with the names of their operations, for their client only', async () => {
    const clientId = await newClient();
    const both = `${READ} query Other { ...F } fragment F on Query { __typename }`;
    expect(await published(clientId, { read: READ, both, anonymous: TYPENAME })).toEqual({
      clientId,
      published: 3,
      unchanged: 0,
      problems: [],
    });
    const listed = await list(clientId);
    expect(Object.fromEntries(listed.map(({ id, operationNames }) => [id, operationNames]))).toEqual({
      read: ['Read'],
      both: ['Read', 'Other'],
      anonymous: [],
    });
    expect(await list(await newClient())).toEqual([]);
    const { stdout } = await admin.run('documents', 'list', '--client', clientId, '--limit', '1');
    expect(stdout).toMatch(/^DOCUMENT ID +BYTES +PUBLISHED +OPERATIONS\n\S+ +\d+ +\S+Z/);
  });

  test('can be published again, with a new time, and new ones with them', async () => {
    const clientId = await newClient();
    await published(clientId, { old: TYPENAME });
    await published(clientId, { read: READ });
    expect(await published(clientId, { read: READ })).toMatchObject({ published: 0, unchanged: 1 });
    expect(await published(clientId, { old: TYPENAME, new: READ })).toMatchObject({
      published: 1,
      unchanged: 1,
    });
    // Those of the latest manifest come first, so that others can be removed.
    expect((await list(clientId)).map(({ id }) => id)).toEqual(['new', 'old', 'read']);
  });

  test('all count when two manifests are published at the same time', async () => {
    const clientId = await newClient();
    const file = async (name: string, manifest: object) => {
      const path = join(folder, name);
      await writeFile(path, JSON.stringify(manifest));
      return admin.ask('documents', 'publish', path, '--client', clientId);
    };
    const results = await Promise.all([
      file('a', { a: TYPENAME, shared: READ }),
      file('b', { b: TYPENAME, shared: READ }),
    ]);
    expect(results.reduce((sum, result) => sum + result.published, 0)).toBe(3);
    expect(await idsOf(clientId)).toEqual(['a', 'b', 'shared']);
  });

  test('are removed by their IDs, and unknown IDs are reported', async () => {
    const clientId = await newClient();
    const other = await newClient();
    for (const id of [clientId, other]) await published(id, { a: TYPENAME, b: TYPENAME, c: TYPENAME });
    expect(await admin.ask('documents', 'remove', 'a', 'b', '--client', clientId)).toEqual({
      clientId,
      removed: ['a', 'b'],
      unknown: [],
    });
    const again = await admin.run('documents', 'remove', 'b', 'c', '--client', clientId);
    expect(again).toMatchObject({ code: 1, stderr: 'The client has no document b.\n' });
    expect(await idsOf(clientId)).toEqual([]);
    expect(await idsOf(other)).toEqual(['a', 'b', 'c']);
  });

  test('end with their client', async () => {
    const clientId = await newClient();
    await published(clientId, { a: TYPENAME });
    await query(environment['DATABASE_URL'] ?? '', 'delete from api_client where id = $1', [clientId]);
    expect((await publish(clientId, { a: TYPENAME })).stderr).toMatch(/does not exist or is revoked/);
  });

  test.each([
    ['publish', 'package.json'],
    ['list', undefined],
    ['remove', 'a'],
  ])('need a client that exists and is not revoked: %s', async (command, argument) => {
    const revoked = await newClient();
    await admin.ask('client', 'revoke', revoked);
    for (const clientId of [revoked, crypto.randomUUID()]) {
      const finished = await admin.run(
        'documents',
        command,
        ...(argument ? [argument] : []),
        '--client',
        clientId,
      );
      expect(finished).toMatchObject({
        code: 1,
        stderr: `Client ${clientId} does not exist or is revoked.\n`,
      });
    }
  });
});

describe('nothing is published', () => {
  test('when one document is not valid; every problem has the ID and the code of a request', async () => {
    const clientId = await newClient();
    const aliases = Array.from({ length: 31 }, (_, index) => `a${index}: __typename`).join(' ');
    const problems = await problemsOf(clientId, {
      valid: READ,
      syntax: '{',
      fields: '{ nope more }',
      subscription: 'subscription { a }',
      introspection: '{ __schema { queryType { name } } }',
      fragment: 'fragment F on Query { __typename }',
      aliases: `{ ${aliases} }`,
      tokens: `{ ${'__typename '.repeat(2_500)} }`,
      bytes: `{ __typename }${' '.repeat(100_000)}`,
      roots: `{ ${Array.from({ length: 21 }, (_, index) => `a${index}: __typename`).join(' ')} }`,
      'not an id': READ,
    });
    const found = problems.map(({ id, code }: { id: string; code: string }) => `${id} ${code}`);
    expect(found.toSorted()).toEqual([
      'aliases QUERY_TOO_COMPLEX',
      'aliases QUERY_TOO_COMPLEX',
      'bytes QUERY_TOO_COMPLEX',
      'fields GRAPHQL_VALIDATION_FAILED',
      'fields GRAPHQL_VALIDATION_FAILED',
      'fragment GRAPHQL_VALIDATION_FAILED',
      'introspection GRAPHQL_VALIDATION_FAILED',
      'introspection GRAPHQL_VALIDATION_FAILED',
      'not an id INVALID_ID',
      'roots QUERY_TOO_COMPLEX',
      'subscription GRAPHQL_VALIDATION_FAILED',
      'syntax GRAPHQL_PARSE_FAILED',
      'tokens QUERY_TOO_COMPLEX',
    ]);
    expect(await list(clientId)).toEqual([]);
  });

  test('when a bound of this gateway is exceeded, and introspection only where it is off', async () => {
    const clientId = await newClient();
    const strict = operator({ ...environment, GRAPHQL_MAX_COST: '1', GRAPHQL_MAX_DEPTH: '1' });
    const [cost, depth] = await problemsOf(clientId, { read: READ }, strict);
    expect([cost, depth].map(({ code, message }) => `${code} ${message}`).toSorted()).toEqual([
      'QUERY_TOO_COMPLEX The operation has 2 fields in its largest possible response; at most 1 are allowed.',
      'QUERY_TOO_COMPLEX The operation has 2 levels of nested fields; at most 1 are allowed.',
    ]);
    const open = operator({ ...environment, PLAYGROUND: 'on' });
    const { code } = await publish(clientId, { a: '{ __schema { queryType { name } } }' }, open);
    expect(code).toBe(0);
  });

  test('when the client has an ID with another document, in any of its forms', async () => {
    const clientId = await newClient();
    await published(clientId, { a: READ, b: READ });
    expect(await problemsOf(clientId, { a: TYPENAME, b: READ, c: '{' })).toEqual([
      expect.objectContaining({ id: 'c', code: 'GRAPHQL_PARSE_FAILED' }),
      expect.objectContaining({ id: 'a', code: 'ID_TAKEN' }),
    ]);
    expect(await idsOf(clientId)).toEqual(['a', 'b']);
    await admin.ask('documents', 'remove', 'a', '--client', clientId);
    expect(await published(clientId, { a: TYPENAME })).toMatchObject({ published: 1 });
  });

  test('past the limits of a client, and up to them it is', async () => {
    const clientId = await newClient();
    const batch = (name: string, length: number) =>
      Object.fromEntries(Array.from({ length }, (_, index) => [`${name}${index}`, TYPENAME]));
    for (const name of ['a', 'b']) await published(clientId, batch(name, limits.documents / 2));
    expect(await problemsOf(clientId, { more: TYPENAME })).toMatchObject([{ id: null, code: 'TOO_MANY' }]);
    expect(await published(clientId, batch('a', 2))).toMatchObject({ unchanged: 2 });

    const large = await newClient();
    const bytes = 90_000;
    const documents = (name: string) =>
      Object.fromEntries(
        Array.from({ length: 50 }, (_, index) => [`${name}${index}`, TYPENAME.padEnd(bytes)]),
      );
    for (const name of ['a', 'b']) await published(large, documents(name));
    const [problem] = await problemsOf(large, documents('c'));
    expect(problem.message).toBe(
      `The client would have ${150 * bytes} bytes of published documents; at most ${limits.clientBytes} are allowed. Remove documents that are no longer used.`,
    );
  });

  test('with at most 20 problems of a document and a note that there are more, each of them short', async () => {
    const fields = Array.from({ length: 200 }, (_, index) => `a${index}${'x'.repeat(300)}`).join(' ');
    const problems: { message: string }[] = await problemsOf(await newClient(), { a: `{ ${fields} }` });
    expect(problems).toHaveLength(21);
    expect(problems.at(-1)?.message).toMatch(/^Too many validation errors/);
    const [long] = await problemsOf(await newClient(), { a: `{ ${'x'.repeat(5_000)} }` });
    expect(long.message.length).toBeLessThan(550);
  });

  test('past the limit of a client by manifests that are published at the same time', async () => {
    const clientId = await newClient();
    const manifest = (name: number) => ({
      documents: Array.from({ length: limits.documents / 4 }, (_, index) => ({
        id: `${name}-${index}`,
        source: TYPENAME,
        operationNames: [],
      })),
      problems: [],
    });
    const orm = await openOrm(environment['DATABASE_URL'] ?? '');
    try {
      const publishing = Array.from({ length: 8 }, (_, index) =>
        publishDocuments(orm, clientId, manifest(index)),
      );
      const results = await Promise.all(publishing);
      expect(results.filter((result) => result && 'problems' in result)).toHaveLength(4);
    } finally {
      await orm.close();
    }
    const listed = await admin.ask('documents', 'list', '--client', clientId, '--limit', '10000');
    expect(listed).toHaveLength(limits.documents);
  });

  test('of a file that is too large, or cannot be read', async () => {
    const clientId = await newClient();
    const { code, stderr } = await publish(clientId, { a: ' '.repeat(limits.manifestBytes) });
    expect(code).toBe(2);
    expect(stderr).toMatch(/has more than 5242880 bytes\.\n$/);
    const missing = await admin.run('documents', 'publish', join(folder, 'missing'), '--client', clientId);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toMatch(/^Cannot read /);
  });

  test('and people read one line for each problem', async () => {
    const file = join(folder, 'people.json');
    await writeFile(file, JSON.stringify({ a: '{ nope }', b: '{' }));
    expect(await admin.run('documents', 'publish', file, '--client', await newClient())).toEqual({
      code: 1,
      stdout:
        'a  GRAPHQL_VALIDATION_FAILED  Cannot query field "nope" on type "Query". (line 1, column 3)\n' +
        'b  GRAPHQL_PARSE_FAILED  Syntax Error: Expected Name, found <EOF>. (line 1, column 2)\n',
      stderr: 'Nothing was published. Problems: 2.\n',
    });
  });
});
