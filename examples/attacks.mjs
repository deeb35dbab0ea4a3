// Sends correctly signed requests that ask for too much, and prints the response to each. Uses 22 of the demo client's 100
// requests a minute; `--past-limit` then uses up the rest. Exits with 1 if a response is not the expected one.
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { signRequest } from 'customer-gateway-client';
import { demoCredentials, newCustomer, post } from './client.mjs';

const demo = await demoCredentials();
const path = new URL(demo.url).pathname;

/** @param {string} title @param {Response} response @param {number} started */
async function report(title, response, started) {
  const isRefused = response.status >= 400 && response.status < 500;
  line(isRefused, response.status, started, `${title}: ${await response.text()}`);
}

/** @param {boolean} isExpected @param {number} status @param {number} started @param {string} text */
function line(isExpected, status, started, text) {
  if (!isExpected) process.exitCode = 1;
  const ms = `${Date.now() - started} ms`;
  console.log(
    `${isExpected ? 'ok    ' : 'FAILED'}  ${status}  ${ms.padStart(7)}  ${text.slice(0, 180).trim()}`,
  );
}

/** @param {string} title @param {string} body @param {Record<string, string>} [headers] */
async function attackWithBody(title, body, headers = {}) {
  const started = Date.now();
  const signed = await signRequest(demo, { path, body });
  await report(title, await post(demo.url, { ...signed.headers, ...headers }, body), started);
}

/** @param {string} title @param {string} query @param {Record<string, unknown>} [variables] */
const attack = (title, query, variables) => attackWithBody(title, JSON.stringify({ query, variables }));

/** @param {number} count @param {(index: number) => string} part */
const repeat = (count, part) => Array.from({ length: count }, (_, index) => part(index)).join(' ');

await attack('3,000 tokens', `{ ${repeat(3000, () => '__typename')} }`);
await attack('31 aliases', `{ customers { ${repeat(31, (i) => `a${i}: totalRecords`)} } }`);
await attack('21 root fields', `{ ${repeat(21, (i) => `a${i}: customerByEmail(email: "x") { uuid }`)} }`);
await attack(
  '51 directives',
  `{ __typename ${repeat(17, (i) => `...@include(if: true) @skip(if: false) { a${i}: __typename @skip(if: false) }`)} }`,
);
await attack(
  'a response of 502,001 fields',
  `{ customers { ${repeat(20, (i) => `a${i}: records { contacts { uuid email } metadata { key } }`)} } }`,
);
await attack(
  'fragments that double 150 times',
  `{ ...f0 } ${repeat(150, (i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`)} fragment f150 on Query { a: __typename }`,
);
await attack('a cycle of fragments', '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }');
await attack('1,200 nested lists', `{ customer(uuid: ${'['.repeat(1200)}${']'.repeat(1200)}) { uuid } }`);
const create =
  'mutation ($inputs: [CreateCustomerInput!]!) { createCustomers(inputs: $inputs) { __typename } }';
await attack('300,000 list items', create, { inputs: Array.from({ length: 300_000 }, () => 1) });
await attack('40,000 errors in variables', create, { inputs: Array.from({ length: 20_000 }, () => ({})) });
await attack('a body of 2 MB', `{ __typename } # ${'x'.repeat(2_000_000)}`);

const input = Object.fromEntries(Array.from({ length: 120_000 }, (_, index) => [index.toString(36), 1]));
const createOne =
  'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { __typename ... on ValidationError { errors { path code } } } }';
await attack('120,000 unknown fields', createOne, { input });
await attack('a document of 1 MB', `{ __typename ${' '.repeat(1_000_000)} }`);
await expectBody('a name of 500,000 combining marks', '"TOO_LONG"', createOne, {
  input: { ...newCustomer(), customer: `a${'\u0301\u0327'.repeat(250_000)}` },
});
await get();
const batch = '[{"query":"{ __typename }"},{"query":"{ __typename }"}]';
await attackWithBody('a batch', batch);
await attackWithBody('a form of a browser', batch, { 'content-type': 'text/plain' });

await largeResponse();
await strangers();
await randomToken();
if (process.argv.includes('--past-limit')) await pastLimit();

/**
 * Sends an operation whose response has status 200 and a text.
 *
 * @param {string} title @param {string} text @param {string} query @param {Record<string, unknown>} [variables]
 */
async function expectBody(title, text, query, variables) {
  const started = Date.now();
  const body = JSON.stringify({ query, variables });
  const { headers } = await signRequest(demo, { path, body });
  const response = await post(demo.url, headers, body);
  const answer = await response.text();
  const isExpected = response.status === 200 && answer.includes(text);
  line(isExpected, response.status, started, `${title}: ${answer}`);
  return answer;
}

async function get() {
  const started = Date.now();
  const { headers } = await signRequest(demo, { path, body: '' });
  await report('a GET', await fetch(`${demo.url}?query={__typename}`, { headers }), started);
}

/** Three customers as large as they may be, each of their fields 15 times in one response. */
async function largeResponse() {
  const word = randomUUID();
  const metadata = Array.from({ length: 50 }, (_, index) => ({ key: `${index}`, value: '🦊'.repeat(500) }));
  const inputs = Array.from({ length: 3 }, () => ({
    customer: word,
    email: `${randomUUID()}@attacks.example`,
    metadata,
  }));
  const created = await expectBody(
    'three customers of 100 kB, which are allowed',
    'Created',
    'mutation ($inputs: [CreateCustomerInput!]!) { createCustomers(inputs: $inputs) { ... on CustomersCreated { results { __typename ... on Created { data { uuid } } } } } }',
    { inputs },
  );
  const aliases = repeat(15, (index) => `a${index}: metadata { value }`);
  await expectBody(
    'a response of 4.5 MB',
    '"RESPONSE_TOO_LARGE"',
    `{ customers(search: "${word}") { records { ${aliases} } } }`,
  );
  const { results } = JSON.parse(created).data.createCustomers;
  const deletions = results.map(
    ({ data }, index) => `d${index}: deleteCustomer(uuid: "${data.uuid}") { __typename }`,
  );
  await expectBody('their removal', 'Deleted', `mutation { ${deletions.join(' ')} }`);
}

/** 300 connections of invented clients, each with a body of 1 MB that never ends, and a request beside them. */
async function strangers() {
  const { hostname, port } = new URL(demo.url);
  const sockets = await Promise.all(
    Array.from({ length: 300 }, async () => {
      const { headers } = await signRequest({ ...demo, clientId: randomUUID() }, { path, body: '' });
      const fields = Object.entries({ host: hostname, ...headers, 'content-length': 1_048_576 });
      const socket = connect(Number(port), hostname);
      socket.on('error', () => {});
      socket.write(
        `POST ${path} HTTP/1.1\r\n${fields.map((field) => field.join(': ')).join('\r\n')}\r\n\r\n`,
      );
      socket.write('x'.repeat(1_000_000));
      await once(socket, 'connect');
      return socket;
    }),
  );
  await expectBody('a request beside 300 strangers with 1 MB each', '__typename', '{ __typename }');
  for (const socket of sockets) socket.destroy();
}

async function randomToken() {
  const started = Date.now();
  const body = JSON.stringify({ query: '{ __typename }' });
  const guess = { ...demo, token: `cgt_${randomBytes(32).toString('base64url')}` };
  const { headers } = await signRequest(guess, { path, body });
  const response = await post(demo.url, headers, body);
  line(response.status === 401, response.status, started, `a guessed token: ${await response.text()}`);
}

/** What is sent without end gets no data, then 429 before it is read. */
async function pastLimit() {
  /** @type {Map<string, number>} */
  const counts = new Map();
  const started = Date.now();
  for (let index = 0; index < 400; index += 1) {
    const body = JSON.stringify({ query: '{ __typename }' });
    const { headers } = await signRequest(demo, { path, body });
    const response = await post(demo.url, headers, body);
    const answer = await response.json();
    const outcome = `${response.status} ${answer.errors?.[0].extensions.code ?? 'data'}`;
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  const isExpected = counts.has('200 RATE_LIMIT_EXCEEDED') && counts.has('429 RATE_LIMIT_EXCEEDED');
  line(isExpected, 429, started, `400 requests: ${JSON.stringify(Object.fromEntries(counts))}`);
}
