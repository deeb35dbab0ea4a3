// Sends correctly signed requests that ask for too much, and prints the response to each. Uses 14 of the demo client's 100
// requests a minute. Exits with 1 if a response is not a 4xx.
import { demoCredentials, post, signedHeaders } from './client.mjs';

const demo = await demoCredentials();
const path = new URL(demo.url).pathname;

/** @param {string} title @param {Response} response @param {number} started */
async function report(title, response, started) {
  const isRefused = response.status >= 400 && response.status < 500;
  if (!isRefused) process.exitCode = 1;
  const start = (await response.text()).slice(0, 160).trim();
  const ms = `${Date.now() - started} ms`;
  console.log(
    `${isRefused ? 'refused' : 'NOT REFUSED'}  ${response.status}  ${ms.padStart(7)}  ${title}: ${start}`,
  );
}

/** @param {string} title @param {string} body @param {Record<string, string>} [headers] */
async function attackWithBody(title, body, headers = {}) {
  const started = Date.now();
  const signed = signedHeaders(demo, path, body);
  await report(title, await post(demo.url, { ...signed, ...headers }, body), started);
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

const started = Date.now();
const query = '?query={__typename}';
const get = await fetch(demo.url + query, { headers: signedHeaders(demo, path, '') });
await report('a GET', get, started);
const batch = '[{"query":"{ __typename }"},{"query":"{ __typename }"}]';
await attackWithBody('a batch', batch);
await attackWithBody('a form of a browser', batch, { 'content-type': 'text/plain' });
