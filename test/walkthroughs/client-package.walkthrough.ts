import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, realpath, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeBlocks } from '../support/code-block.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { type Finished, run, temporaryFolder } from '../support/process.js';
import { describeWith } from '../support/programs.js';
import { newEmail } from '../support/signed-client.js';

/** An app that has the package for its only dependency. */
const APP = `
  import { createSignedFetch } from 'customer-gateway-client';
  const { url, email, ...credentials } = JSON.parse(process.argv[2]);
  const answer = await createSignedFetch(credentials)(url, {
    method: 'POST',
    body: JSON.stringify({
      query: 'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { __typename } }',
      variables: { input: { customer: 'Acme', email } },
    }),
  });
  console.log(await answer.text());
`;

const TYPED_APP = `
  import { createSignedFetch, type CredentialsSource, UnsignableRequestError } from 'customer-gateway-client';
  const credentials: CredentialsSource = async () => ({ clientId: '', clientSecret: '', token: '' });
  const send: typeof fetch = createSignedFetch(credentials, { retry: { maxAttempts: 2 }, fetch });
  const answer: Response = await send(new URL('https://gateway.example/graphql'), { method: 'POST', body: '{}' });
  export const reason = (error: unknown) => error instanceof UnsignableRequestError && error.reason === 'METHOD';
  // @ts-expect-error -- a token is wanted
  createSignedFetch({ clientId: '', clientSecret: '' });
  export default answer;
`;

const ADAPTED_APP = `
  import { ApolloClient, InMemoryCache } from '@apollo/client';
  import { Client, fetchExchange } from '@urql/core';
  import { cacheExchange } from '@urql/exchange-graphcache';
  import { createSignedHttpLink, possibleTypes, typePolicies } from 'customer-gateway-client/apollo';
  import { keys, schema } from 'customer-gateway-client/graphcache';
  import { createSignedGraphQLClient } from 'customer-gateway-client/graphql-request';
  import { createSignedClientOptions } from 'customer-gateway-client/urql';
  const url = 'https://gateway.example/graphql';
  const credentials = { clientId: '', clientSecret: '', token: '' };
  const cache = new InMemoryCache({ possibleTypes, typePolicies });
  export const apollo = new ApolloClient({ link: createSignedHttpLink(url, credentials), cache });
  const exchanges = [cacheExchange({ keys, schema }), fetchExchange];
  export const urql = new Client({ ...createSignedClientOptions(url, credentials), exchanges });
  export const data: Promise<{ customers: object }> = createSignedGraphQLClient(url, credentials).request('');
`;

const ADAPTED = ['@apollo/client', '@urql/core', '@urql/exchange-graphcache', 'graphql-request'];

const CREATED = { data: { createCustomer: { __typename: 'Created' } } };

const WELL = { code: 0, stdout: '', stderr: '' };

let gateway: TestGateway;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  gateway = await startTestGateway({}, 3);
  folder = await temporaryFolder();
  const commands = (await codeBlocks('client/README.md')).filter(({ section }) => section === 'Install');
  const [pack = '', install = ''] = commands.map(({ code }) => code.replaceAll('/tmp', folder.path));
  await promisify(execFile)('sh', ['-ec', pack]);
  await writeFile(join(folder.path, 'package.json'), '{ "type": "module" }');
  await promisify(execFile)('sh', ['-ec', install], { cwd: folder.path });
}, 60_000);
afterAll(async () => {
  await folder.remove();
  await gateway.close();
});

/** Runs the app on a Node. @returns what it prints. */
async function runApp(node: string): Promise<string> {
  const { credentials } = gateway.nextPartner();
  await writeFile(join(folder.path, 'app.js'), APP);
  const call = JSON.stringify({ url: gateway.url, email: newEmail(), ...credentials });
  const { stdout, stderr } = await run(node, [join(folder.path, 'app.js'), call]);
  return stdout + stderr;
}

/** Gives the app a package that we have, with its types. */
async function link(name: string): Promise<void> {
  const place = join(folder.path, 'node_modules', name);
  await mkdir(dirname(place), { recursive: true });
  await symlink(resolve('node_modules', name), place);
}

/** Compiles an app. */
async function compile(source: string, ...options: string[]): Promise<Finished> {
  await writeFile(join(folder.path, 'app.ts'), source);
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--module', 'nodenext', '--target', 'es2022'];
  const file = join(folder.path, 'app.ts');
  return run('node_modules/.bin/tsc', ['--noEmit', '--ignoreConfig', ...strict, ...options, file]);
}

describe('the package, installed elsewhere', () => {
  test('brings nothing else along', async () => {
    const lock = await readFile(join(folder.path, 'package-lock.json'), 'utf8');
    expect(Object.keys(JSON.parse(lock).packages)).toEqual(['', 'node_modules/customer-gateway-client']);
    expect(await readdir(join(folder.path, 'node_modules/customer-gateway-client'))).toEqual(
      expect.arrayContaining(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json', 'src']),
    );
  });

  test('has the schema', async () => {
    const path = join(folder.path, 'node_modules/customer-gateway-client/schema.graphql');
    expect(await readFile(path, 'utf8')).toBe(await readFile('schema.graphql', 'utf8'));
    const resolved = `console.log(import.meta.resolve('customer-gateway-client/schema.graphql'))`;
    await writeFile(join(folder.path, 'resolve.js'), resolved);
    const { stdout } = await run(process.execPath, [join(folder.path, 'resolve.js')]);
    expect(stdout.trim()).toBe(pathToFileURL(await realpath(path)).href);
  });

  test('creates a customer', async () => {
    expect(JSON.parse(await runApp(process.execPath))).toEqual(CREATED);
  });

  test.each([
    ['a browser’s', ['--lib', 'es2022,dom,dom.iterable', '--types', '']],
    ['Node’s', ['--lib', 'es2022', '--types', 'node']],
  ])('has types that fit %s', async (_kind, options) => {
    if (options.includes('node')) await link('@types/node');
    expect(await compile(TYPED_APP, ...options)).toEqual(WELL);
  });

  test('has types that fit the libraries of its adapters', async () => {
    for (const name of ADAPTED) await link(name);
    expect(await compile(ADAPTED_APP, '--skipLibCheck', '--lib', 'es2022,dom', '--types', '')).toEqual(WELL);
  });
});

/** Installed by `npm --prefix test/client/runtimes ci`. The tests themselves run on Node 24. */
const olderNode = (major: number) => `test/client/runtimes/node_modules/node-${major}/bin/node`;

describe.each([20, 22])('on Node %i', (major) => {
  describeWith(olderNode(major))('the package, installed elsewhere', () => {
    test('creates a customer', async () => {
      const version = await run(olderNode(major), ['--version']);
      expect(version.stdout).toMatch(new RegExp(`^v${major}\\.`));
      expect(JSON.parse(await runApp(olderNode(major)))).toEqual(CREATED);
    });
  });
});
