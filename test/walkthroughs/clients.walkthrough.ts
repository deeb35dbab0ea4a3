import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildSchema } from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { type CodeBlock, codeBlocks } from '../support/code-block.js';
import { DocumentedApp } from '../support/documented-app.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CREATE_CUSTOMERS } from '../support/operations.js';
import { run, temporaryFolder } from '../support/process.js';
import { newCustomer } from '../support/customers.js';
import { describeWith } from '../support/programs.js';
import { sharedResources } from '../support/resources.js';

const DOCUMENT = 'docs/clients.md';
const SET_UP = 'Set up';
const RUNNING_GATEWAY = 'Schema of a running gateway';

/** Installed by `npm --prefix test/client/libraries ci` and `npm --prefix examples/frontend ci`. */
const PROGRAMS = [
  'test/client/libraries/node_modules/.bin/relay-compiler',
  'examples/frontend/node_modules/.bin/graphql-codegen',
];

/** Runs code generators, a compiler and a bundler. */
const APP_TIMEOUT_MS = 240_000;

/** Enough for a second page of 20. */
const OTHER_CUSTOMERS = 25;

/** A client of the document. */
interface Client {
  readonly section: string;
  /** The packages whose versions its row of the table has. */
  readonly packages: readonly string[];
  readonly compile: string;
  /** Lines that its program prints besides those of the table; a client without a cache prints none of its lines. */
  readonly alsoPrints?: readonly string[];
  readonly hasCache: boolean;
}

const CLIENTS: readonly Client[] = [
  {
    section: 'Apollo Client',
    packages: ['@apollo/client', '@graphql-codegen/cli'],
    compile: 'npx tsc',
    hasCache: true,
  },
  {
    section: 'urql',
    packages: ['@urql/core', '@urql/exchange-graphcache', 'gql.tada'],
    compile: 'npx tsc',
    hasCache: true,
  },
  {
    section: 'Relay',
    packages: ['relay-runtime', 'relay-compiler'],
    compile: 'npx tsc',
    alsoPrints: ['Refetched by ID: yes', 'In the cached list after deletion: no'],
    hasCache: true,
  },
  { section: 'genql', packages: ['@genql/cli'], compile: 'npx tsc --module preserve', hasCache: false },
];

/** The cells of the document's first table, without its heading, by the first cell of each row. */
async function documentedRows(): Promise<Map<string | undefined, string[]>> {
  const [table = ''] = /(?:^\|.*\n)+/m.exec(await readFile(DOCUMENT, 'utf8')) ?? [];
  const [, , ...rows] = table.trim().split('\n');
  const cells = rows.map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
  return new Map(cells.map((row) => [row[0], row]));
}

describeWith(...PROGRAMS)(`a reader of ${DOCUMENT}`, () => {
  const resources = sharedResources();
  let gateway: TestGateway;
  let folder: string;
  let blocks: CodeBlock[];
  beforeAll(async () => {
    gateway = resources.adopt(await startTestGateway({}, CLIENTS.length + 1), (it) => it.close());
    ({ path: folder } = resources.adopt(await temporaryFolder(), (it) => it.remove()));
    blocks = (await codeBlocks(DOCUMENT)).map((block) => ({
      ...block,
      code: block.code.replaceAll('/tmp/', `${folder}/`).replaceAll(/\/tmp$/gm, folder),
    }));
    const packed = await run('sh', ['-ec', blocks[0]?.code ?? '']);
    if (packed.code !== 0) throw new Error(packed.stderr);
  });

  /** Follows the set-up and a section, for a team that has other customers. @returns the app and what the section's last block prints. */
  async function follow(section: string) {
    const partner = gateway.nextPartner();
    const inputs = Array.from({ length: OTHER_CUSTOMERS }, () => newCustomer({ customer: 'Other' }));
    await partner.send(CREATE_CUSTOMERS, { inputs });
    const { clientId, clientSecret, token } = partner.credentials;
    const empty = join(folder, section.replaceAll(' ', '-'));
    await mkdir(empty);
    const app = new DocumentedApp(empty, {
      GATEWAY_URL: gateway.url,
      GATEWAY_CLIENT_ID: clientId,
      GATEWAY_CLIENT_SECRET: clientSecret,
      GATEWAY_TOKEN: token,
    });
    const [, ...setUp] = blocks.filter((block) => block.section === SET_UP);
    let printed = '';
    for (const block of [...setUp, ...blocks.filter((other) => other.section === section)]) {
      printed = await app.follow(block);
    }
    return { app, printed };
  }

  test.each(CLIENTS)(
    'gets from the section on $section what its row of the table has',
    async ({ section, packages, compile, alsoPrints = [], hasCache }) => {
      const { app, printed } = await follow(section);
      const lines = printed.trim().split('\n');
      const has = (...expected: string[]) => (expected.every((line) => lines.includes(line)) ? 'yes' : 'no');
      const inCache = (line: string) => (hasCache ? has(line) : 'no cache');
      const versions = packages.map(async (name) => `\`${name}\` ${await app.versionOf(name)}`);

      const main = await app.read('src/main.ts');
      await app.write('src/main.ts', main.replace(/ +case 'Conflict':\n.*\n/, ''));
      const compiled = await app.run(compile).catch(({ stdout }: { readonly stdout: string }) => stdout);

      expect([
        section,
        (await Promise.all(versions)).join(', '),
        has('Created: Acme', 'Conflict: EMAIL_EXISTS'),
        /src\/main\.ts.* error TS1360: .*'(?:never|"%other")'/.test(compiled) ? 'yes' : 'no',
        inCache(`Customers in the cached list: ${OTHER_CUSTOMERS + 1}`),
        inCache('Name in the cached list: Acme Ltd'),
      ]).toEqual((await documentedRows()).get(section));
      expect(lines).toEqual(expect.arrayContaining([...alsoPrints]));
    },
    APP_TIMEOUT_MS,
  );

  test('finds no section with commands and no row but those that these tests follow', async () => {
    const sections = new Set(blocks.map(({ section }) => section));
    expect([...sections]).toEqual([SET_UP, ...CLIENTS.map(({ section }) => section), RUNNING_GATEWAY]);
    expect([...(await documentedRows()).keys()]).toEqual(CLIENTS.map(({ section }) => section));
  });

  test(
    'gets the schema from a running gateway',
    async () => {
      const { app } = await follow(RUNNING_GATEWAY);
      const types = (text: string) => Object.keys(buildSchema(text).getTypeMap()).toSorted();
      expect(types(await app.read('schema.graphql'))).toEqual(
        types(await readFile('schema.graphql', 'utf8')),
      );
    },
    APP_TIMEOUT_MS,
  );
});
