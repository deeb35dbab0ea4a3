import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Example, examples } from '../../playground/src/examples.js';
import { type Exchange } from '../../playground/src/exchange.js';
import { outcomesOf } from '../../playground/src/outcomes.js';
import { NOTHING_SEEN, seenIn } from '../../playground/src/seen.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { type Partner } from '../support/partner.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({}, 2);
});
afterAll(() => gateway.close());

/** Sends an example as the page does. */
async function run(partner: Partner, { query, variables }: Example, before = NOTHING_SEEN) {
  const { status, json } = await partner.post(JSON.stringify({ query, variables: variables(before) }));
  const exchange: Exchange = {
    signed: { headers: {}, text: '', signature: '' },
    status,
    ms: 0,
    limit: undefined,
    requestId: null,
    gatewayTime: Date.now(),
    result: json,
  };
  return { status, data: json.data, outcome: outcomesOf(exchange).at(-1), seen: seenIn(exchange, before) };
}

test('every root field has an example', async () => {
  const { json } = await gateway
    .nextPartner()
    .send('{ __schema { queryType { fields { name } } mutationType { fields { name } } } }');
  const { queryType, mutationType } = json.data.__schema;
  const fields = [...queryType.fields, ...mutationType.fields].map(({ name }) => name);
  expect(new Set(examples.map(({ field }) => field))).toEqual(new Set(fields));
});

test('each example, run in the order of the menu, leads to the outcome that the menu names', async () => {
  const partner = gateway.nextPartner();
  const named: [string, string][] = [];
  const explained: Record<string, string | undefined> = {};
  let seen = NOTHING_SEEN;
  for (const example of examples) {
    const response = await run(partner, example, seen);
    ({ seen } = response);
    expect([example.title, response.status]).toEqual([example.title, 200]);
    named.push([example.title, response.outcome?.name ?? describeData(response.data[example.field])]);
    explained[example.title] = response.outcome?.explanation;
  }
  expect(named).toEqual(examples.map(({ title, outcome }) => [title, outcome]));
  expect(explained['Unknown endpoint']).toContain('no webhook endpoint with this ID');
  expect(explained['Email already in use']).toContain('The team already has a customer with this email.');
  expect(explained['Outdated version']).toContain('The customer has changed since this version was read.');
});

/** The result of a query in the words of the menu. */
function describeData(data: object | string | null): string {
  // None while a transaction of another test delays the events.
  if (typeof data === 'string' || data === null) return 'a cursor';
  if (Array.isArray(data)) return 'a list';
  if ('deliveries' in data) return 'an endpoint';
  if ('history' in data) return 'its history';
  return 'uuid' in data || 'id' in data ? 'a customer' : 'a page';
}
