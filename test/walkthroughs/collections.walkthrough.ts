import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Kind, parse } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { brunoFiles } from '../../scripts/collections/bruno.ts';
import { postmanFiles } from '../../scripts/collections/postman.ts';
import { type Folder } from '../../scripts/collections/read-requests.ts';
import { codeBlocks } from '../support/code-block.js';
import { runBruno, runner, runNewman } from '../support/collection-runners.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { run, temporaryFolder } from '../support/process.js';
import { describeWith } from '../support/programs.js';

/** Each of Bruno's scripts starts a sandbox of its own, which takes some 0.2 s. */
const RUN_TIMEOUT_MS = 120_000;

let gateway: TestGateway;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let operations: string[];
beforeAll(async () => {
  gateway = await startTestGateway({}, 6);
  folder = await temporaryFolder();
  const { definitions } = parse(await readFile('examples/examples.graphql', 'utf8'));
  operations = definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION ? [node.name?.value ?? ''] : [],
  );
});
afterAll(async () => {
  await gateway.close();
  await folder.remove();
});

/** A folder with `demo.json` of a new partner, and the environments that `demo-environment.mjs` writes. */
async function demoFolder(): Promise<string> {
  const partner = gateway.nextPartner();
  const path = join(folder.path, partner.teamId);
  await mkdir(path);
  const demo = { url: gateway.url, ...partner.credentials };
  await writeFile(join(path, 'demo.json'), JSON.stringify(demo, null, 2));
  const { code } = await run('node', ['examples/collections/demo-environment.mjs'], { DATA_DIR: path });
  expect(code).toBe(0);
  return path;
}

/** The command of the collections' README that has a text, with the environments of a folder. */
async function documented(part: string, data: string): Promise<string> {
  const blocks = await codeBlocks('examples/collections/README.md');
  const found = blocks.filter(({ code }) => code.includes(part));
  expect(found).toHaveLength(1);
  return (found[0]?.code ?? '').trim().replace(/(?:\.\.\/)*\.data/, data);
}

/** Variables of the README's commands, with a secret that the client does not have. */
function wrongSecret() {
  const { clientId, token } = gateway.nextPartner().credentials;
  return { GATEWAY_URL: gateway.url, CLIENT_ID: clientId, CLIENT_SECRET: 'cgs_wrong', TOKEN: token };
}

const everyRequest = () => operations.map((name) => ({ name, status: 200, checks: ['pass', 'pass'] }));

const SIGNATURE_MISMATCH = {
  errors: [
    expect.objectContaining({ extensions: expect.objectContaining({ reason: 'SIGNATURE_MISMATCH' }) }),
  ],
};

/** Values of variables: in JSON, in a regular expression's replacement and in a template they mean something else. */
const values = [
  'Acme "Best"',
  'back\\slash\\n\\"',
  'line\nbreak\ttab',
  '$& $1 $` $$ ${x}',
  'a{{unknown}}b }} {{',
  '// no comment /* either */ <!-- --> &quot; %22',
  'Ünïcödé 日本語 שלום 🎉 👩‍👩‍👧',
  'null',
  '{"a":[1]}',
];

/** The maximum of a bulk operation. With the long value, the body has 0.9 MB of characters of two and of four bytes. */
const ROWS = 100;
const long = `${'é'.repeat(3_000)}${'🎉'.repeat(1_000)}`;

/** A collection whose request has a row for each value, and the long one from a data file in all other rows. */
const hostile: readonly Folder[] = [
  {
    name: 'Values',
    requests: [
      {
        name: 'Values',
        field: 'createCustomers',
        query: `mutation Values($inputs: [CreateCustomerInput!]!) {
          createCustomers(inputs: $inputs) {
            __typename
            ... on CustomersCreated { results { ... on Created { data { notes } } } }
          }
        }`,
        variables: JSON.stringify({
          inputs: Array.from({ length: ROWS }, (_, index) => ({
            customer: 'Acme',
            email: `row-${index}@acme.example`,
            notes: index < values.length ? `{{value${index}}}` : '{{fromFile}}',
          })),
        }),
        expected: { outcome: 'CustomersCreated' },
      },
    ],
  },
];
const stored = Array.from({ length: ROWS }, (_, index) => ({ data: { notes: values[index] ?? long } }));

/** Writes a collection, its data file, and the values into an environment. */
async function writeHostile(path: string, files: Record<string, string>, environment: string, list: string) {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  await writeFile(join(path, 'data.json'), JSON.stringify([{ fromFile: long }]));
  const json = JSON.parse(await readFile(join(path, environment), 'utf8'));
  json[list].push(
    ...values.map((value, index) => ({ key: `value${index}`, name: `value${index}`, value, enabled: true })),
  );
  await writeFile(join(path, environment), JSON.stringify(json));
}

/** The only request of a run that is refused, and of one that stores the hostile values. */
const refused = [expect.objectContaining({ status: 401, body: SIGNATURE_MISMATCH })];
const accepted = [
  expect.objectContaining({
    status: 200,
    checks: ['pass', 'pass'],
    body: { data: { createCustomers: { __typename: 'CustomersCreated', results: stored } } },
  }),
];

describeWith(runner('newman'))('the Postman collection', () => {
  test(
    'is run by newman: every request gets 200 and its outcome',
    async () => {
      const data = await demoFolder();
      const sent = await runNewman(await documented('demo.postman_environment.json', data), data);
      expect(sent).toEqual(everyRequest().map((request) => expect.objectContaining(request)));
    },
    RUN_TIMEOUT_MS,
  );

  test(
    'gets 401 with a wrong secret',
    async () => {
      const command = `${await documented('newman@6.2.2 run examples/collections/customer-gateway.postman_collection.json --env-var', '')} --folder CreateCustomer`;
      expect(await runNewman(command, folder.path, wrongSecret())).toEqual(refused);
    },
    RUN_TIMEOUT_MS,
  );

  test(
    'signs what it sends for any values of variables',
    async () => {
      const data = await demoFolder();
      await writeHostile(data, await postmanFiles(hostile), 'demo.postman_environment.json', 'values');
      const sent = await runNewman(
        `cd ${data} && npx newman@6 run customer-gateway.postman_collection.json -e demo.postman_environment.json -d data.json`,
        data,
      );
      expect(sent).toEqual(accepted);
    },
    RUN_TIMEOUT_MS,
  );
});

describeWith(runner('bru'))('the Bruno collection', () => {
  test(
    'is run by its command line: every request gets 200 and its outcome',
    async () => {
      const data = await demoFolder();
      const sent = await runBruno(await documented('demo.bruno_environment.json', data), data);
      expect(sent).toEqual(everyRequest().map((request) => expect.objectContaining(request)));
    },
    RUN_TIMEOUT_MS,
  );

  test(
    'gets 401 with a wrong secret',
    async () => {
      const command = (await documented('cli@4.1.0 run --env Gateway', '')).replace(
        'run ',
        'run "Create and change customers/CreateCustomer.bru" ',
      );
      expect(await runBruno(command, folder.path, wrongSecret())).toEqual(refused);
    },
    RUN_TIMEOUT_MS,
  );

  test(
    'signs what it sends for any values of variables',
    async () => {
      const data = await demoFolder();
      await writeHostile(data, await brunoFiles(hostile), 'demo.bruno_environment.json', 'variables');
      const sent = await runBruno(
        `cd ${data} && npx @usebruno/cli@4 run --env-file demo.bruno_environment.json --json-file-path data.json`,
        data,
      );
      expect(sent).toEqual(accepted);
    },
    RUN_TIMEOUT_MS,
  );
});
