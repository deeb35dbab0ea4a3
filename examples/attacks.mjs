// Requests that ask for too much, correctly signed, and what becomes of each.
import { demoCredentials, signedHeaders } from './client.mjs';

const credentials = await demoCredentials();
/** @param {number} count @param {(index: number) => string} part */
const repeat = (count, part) => Array.from({ length: count }, (_, index) => part(index)).join(' ');
/** @param {string} name @param {string} query @param {Record<string, unknown>} [variables] */
async function attack(name, query, variables) {
  const body = JSON.stringify({ query, variables });
  const started = Date.now();
  const answer = await fetch(credentials.url, {
    method: 'POST',
    headers: signedHeaders(credentials, '/graphql', body),
    body,
  });
  console.log(
    `${name}: ${answer.status} in ${Date.now() - started} ms, ${(await answer.text()).slice(0, 160)}`,
  );
}

await attack('tokens', `{ ${repeat(3000, () => '__typename')} }`);
await attack('aliases', `{ customers { ${repeat(31, (i) => `a${i}: totalRecords`)} } }`);
await attack('root fields', `{ ${repeat(21, (i) => `a${i}: customerByEmail(email: "x") { uuid }`)} }`);
await attack(
  'directives',
  `{ __typename ${repeat(17, (i) => `...@include(if: true) @skip(if: false) { a${i}: __typename @skip(if: false) }`)} }`,
);
await attack(
  'cost',
  `{ customers { ${repeat(20, (i) => `a${i}: records { contacts { uuid email } metadata { key } }`)} } }`,
);
await attack(
  'fragments that double',
  `{ ...f0 } ${repeat(150, (i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`)} fragment f150 on Query { a: __typename }`,
);
await attack('fragments in a circle', '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }');
await attack('values in values', `{ customer(uuid: ${'['.repeat(1200)}${']'.repeat(1200)}) { uuid } }`);
const create =
  'mutation ($inputs: [CreateCustomerInput!]!) { createCustomers(inputs: $inputs) { __typename } }';
await attack('a list of nothing', create, { inputs: Array.from({ length: 300_000 }, () => 1) });
await attack('errors by the thousand', create, { inputs: Array.from({ length: 20_000 }, () => ({})) });
await attack('a body of 2 MB', `{ __typename } # ${'x'.repeat(2_000_000)}`);
const headers = signedHeaders(credentials, '/graphql', '');
console.log('GET:', (await fetch(`${credentials.url}?query={__typename}`, { headers })).status);
const batch = '[{"query":"{ __typename }"},{"query":"{ __typename }"}]';
const signed = signedHeaders(credentials, '/graphql', batch);
console.log(
  'batch:',
  (await fetch(credentials.url, { method: 'POST', headers: signed, body: batch })).status,
);
const form = { ...signed, 'content-type': 'text/plain' };
console.log('form:', (await fetch(credentials.url, { method: 'POST', headers: form, body: batch })).status);
