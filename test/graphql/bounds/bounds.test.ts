import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../../src/config/config.js';
import { newCustomer } from '../../support/customers.js';
import { startTestGateway, type TestGateway } from '../../support/gateway.js';
import {
  CREATE_CUSTOMER,
  CREATE_CUSTOMERS,
  UNKNOWN_UUID,
  UPDATE_CUSTOMER,
} from '../../support/operations.js';
import { sharedResources } from '../../support/resources.js';
import { type SignedClient } from '../../support/signed-client.js';

const times = (count: number, part: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => part(index)).join(' ');

let gateway: TestGateway;
let partner: SignedClient;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(
    await startTestGateway({ rateLimit: { max: 1_000_000, windowSeconds: 60 } }, 2),
    (it) => it.close(),
  );
  partner = gateway.nextPartner();
});

/** What a document is refused with; nothing of it ran. */
async function refusalsOf(
  document: string,
  variables?: Record<string, unknown>,
): Promise<Record<string, unknown>[]> {
  const answer = await partner.send(document, variables);
  expect(answer.status).toBe(400);
  expect(answer.json.data).toBeUndefined();
  return answer.json.errors.map(
    ({ message, extensions }: { message: string; extensions: Record<string, unknown> }) => ({
      message,
      ...extensions,
    }),
  );
}

/** The length of the longest message, in UTF-16 units. */
const longestMessage = (errors: readonly { readonly message: string }[]): number =>
  Math.max(...errors.map(({ message }) => message.length));

const code = 'QUERY_TOO_COMPLEX';

describe('a document may have', () => {
  test('100,000 bytes, however few tokens', async () => {
    const withLength = (count: number) => `{ __typename } #é${' '.repeat(count - 18)}`;
    expect(Buffer.byteLength(withLength(100_000))).toBe(100_000);
    expect((await partner.send(withLength(100_000))).status).toBe(200);
    expect(await refusalsOf(withLength(100_001))).toEqual([
      {
        code,
        bound: 'documentBytes',
        limit: 100_000,
        found: 100_001,
        message: 'The operation has 100001 bytes in its document; at most 100000 are allowed.',
      },
    ]);
  });

  test('2,500 tokens', async () => {
    // 310 rows have 8 tokens each, and what is around them 13.
    const withTokens = (count: number) => `mutation {
      createCustomers(inputs: [${times(310, () => '{customer: "" email: ""}')}]) { __typename }
      ${times(count - 310 * 8 - 13, () => '__typename')}
    }`;
    expect((await partner.send(withTokens(2_500))).json.data).toMatchObject({ __typename: 'Mutation' });
    expect(await refusalsOf(withTokens(2_501))).toEqual([
      {
        code,
        bound: 'tokens',
        limit: 2_500,
        message: 'The document has too many tokens; at most 2500 are allowed.',
      },
    ]);
  });

  test('10 levels of fields, however they are spread over fragments', async () => {
    const withLevels = (count: number) => {
      const types = times(count - 2, () => 'ofType {');
      return `{ ...Root } fragment Root on Query { __type(name: "Query") { ${types} name ${times(count - 2, () => '}')} } }`;
    };
    expect((await partner.send(withLevels(10))).status).toBe(200);
    expect(await refusalsOf(withLevels(11))).toEqual([
      {
        code,
        bound: 'depth',
        limit: 10,
        found: 11,
        message: 'The operation has 11 levels of nested fields; at most 10 are allowed.',
      },
    ]);
  });

  test('30 aliases, those of a fragment wherever it is spread', async () => {
    const withAliases = (
      count: number,
    ) => `{ a: __typename ...More b: customer(uuid: "${UNKNOWN_UUID}") { ...Ids } }
      fragment More on Query { customer(uuid: "${UNKNOWN_UUID}") { ...Ids } }
      fragment Ids on Customer { ${times((count - 2) / 2, (index) => `a${index}: uuid`)} }`;
    expect((await partner.send(withAliases(30))).status).toBe(200);
    expect(await refusalsOf(withAliases(32))).toMatchObject([
      { code, bound: 'aliases', limit: 30, found: 32 },
    ]);
  });

  test('20 root fields, those of fragments too', async () => {
    const withRootFields = (count: number) => `{ __typename ... on Query { __typename } ...More }
      fragment More on Query { ${times(count - 1, (index) => `a${index}: __typename`)} }`;
    expect(Object.keys((await partner.send(withRootFields(20))).json.data)).toHaveLength(20);
    expect(await refusalsOf(withRootFields(21))).toMatchObject([
      { code, bound: 'rootFields', limit: 20, found: 21 },
    ]);
  });

  test('50 directives', async () => {
    const withDirectives = (count: number) =>
      `{ ...Some @include(if: true) } fragment Some on Query { ${times(count - 1, () => '__typename @skip(if: false)')} }`;
    expect((await partner.send(withDirectives(50))).status).toBe(200);
    expect(await refusalsOf(withDirectives(51))).toMatchObject([
      { code, bound: 'directives', limit: 50, found: 51 },
    ]);
  });

  test('a cost of 400,000: the fields of its answer if every list is as long as it may get', async () => {
    // On each of 100 customers 50 contacts, each of them and its id a field; the customer itself; the page.
    const perContacts = 100 * 50 * 2;
    const withContacts = (count: number) =>
      `{ customers(limit: 1) { records { ${times(count, (index) => `a${index}: contacts { uuid }`)} } } }`;
    expect((await partner.send(withContacts(30))).status).toBe(200);

    const strict = await startTestGateway({
      bounds: { ...readConfig({}).bounds, cost: 2 * perContacts + 101 },
    });
    try {
      const caller = strict.nextPartner();
      expect((await caller.send(withContacts(2))).status).toBe(200);
      expect((await caller.send(withContacts(3))).json.errors[0].extensions).toEqual({
        code,
        bound: 'cost',
        limit: 20_101,
        found: 30_101,
      });
    } finally {
      await strict.close();
    }
    const full = '{ records { uuid metadata { key value } contacts { uuid email phone lastName } } }';
    expect(await refusalsOf(`{ ${times(15, (index) => `a${index}: customers ${full}`)} }`)).toMatchObject([
      { code, bound: 'cost', limit: 400_000 },
    ]);
  });

  test('every bound exceeded at once, and gets an error for each', async () => {
    const document = `query One { ${times(21, (index) => `a${index}: __typename @skip(if: false)`)} }
      query Two { customers { ...Thrice ...Thrice ...Thrice } }
      fragment Thrice on CustomerPage { records { ${times(11, (index) => `a${index}: contacts { uuid @skip(if: false) @include(if: true) }`)} } }`;
    expect(await refusalsOf(document)).toMatchObject([
      { bound: 'aliases', found: 33 },
      { bound: 'directives', found: 66 },
      { bound: 'rootFields', found: 21 },
    ]);
  });
});

describe('variables that do not match their types', () => {
  test('are reported with each problem and its path', async () => {
    const input = { email: 1, contacts: [{ firstName: 'A' }, { isPrimary: 'yes' }], colour: 'red' };
    const [refusal] = await refusalsOf(CREATE_CUSTOMER, { input });
    expect(refusal).toEqual({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(/^The variables are not valid: input: Field "customer" /),
      errors: [
        { path: 'input', message: expect.stringContaining('"customer" of required type') },
        { path: 'input.email', message: expect.stringContaining('String cannot represent') },
        { path: 'input.contacts.1.isPrimary', message: expect.stringContaining('Boolean cannot represent') },
        { path: 'input', message: expect.stringContaining('Field "colour" is not defined') },
      ],
    });
    expect(await refusalsOf(CREATE_CUSTOMER, {})).toMatchObject([
      { code: 'BAD_USER_INPUT', errors: [{ path: 'input' }] },
    ]);
  });

  test('are reported with 50 of their problems', async () => {
    const [refusal, ...more] = await refusalsOf(CREATE_CUSTOMERS, {
      inputs: Array.from({ length: 1_000 }, () => ({})),
    });
    expect(more).toEqual([]);
    expect(refusal).toMatchObject({ code: 'BAD_USER_INPUT' });
    expect(refusal?.['errors']).toHaveLength(50);
  });

  test.each<[string, Record<string, unknown>]>([
    [
      'unknown fields by the hundred',
      Object.fromEntries(Array.from({ length: 900 }, (_, index) => [`k${index}`, 1])),
    ],
    [
      'a long text beside unknown fields',
      {
        notes: 'x'.repeat(1_000_000),
        ...Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`k${index}`, 1])),
      },
    ],
    ['a field with a long name', { ['k'.repeat(1_000_000)]: 1 }],
    ['a long text for an enum', { status: 'x'.repeat(1_000_000) }],
  ])('are answered with few bytes, such as %s', async (_case, input) => {
    const { status, text, json } = await partner.send(CREATE_CUSTOMER, { input });
    expect(status).toBe(400);
    expect(text.length).toBeLessThan(60_000);
    expect(longestMessage([...json.errors, ...json.errors[0].extensions.errors])).toBeLessThanOrEqual(501);
  });
});

test('errors of a document quote little of it', async () => {
  const name = 'N'.repeat(90_000);
  const unknown = times(100, (index) => `$v${index}`);
  const documents = [
    `query ${name} { customers(search: [${unknown}]) { page } }`,
    `{ ${name} }`,
    `{ a: ${name} @${name} }`,
  ];
  for (const document of documents) {
    const { status, text, json } = await partner.send(document);
    expect(status).toBe(400);
    expect(text.length).toBeLessThan(100_000);
    expect(longestMessage(json.errors)).toBeLessThanOrEqual(501);
  }
});

describe('the JSON of a request may have', () => {
  test('25,000 items in all its lists', async () => {
    const input = (contacts: number) => ({
      input: newCustomer({ contacts: Array.from({ length: contacts }, () => ({})) }),
    });
    const allowed = await partner.send(CREATE_CUSTOMER, input(25_000));
    expect(allowed.json.data.createCustomer.errors).toEqual([
      { path: 'contacts', code: 'TOO_MANY', message: 'must have at most 50 items' },
    ]);
    expect(await refusalsOf(CREATE_CUSTOMER, input(25_001))).toMatchObject([
      { code, bound: 'listItems', limit: 25_000, found: 25_001 },
    ]);
  });

  /** An object of so many fields, whose names are different from those of any other prefix. */
  const unknown = (prefix: string, fields: number) =>
    Object.fromEntries(Array.from({ length: fields }, (_, index) => [`${prefix}${index}`, 1]));

  test('40,000 fields in all its objects, known or not', async () => {
    // `query`, `variables`, `input` and `contacts` count as well.
    const input = (fields: number) => ({
      input: {
        contacts: [...Array.from({ length: 399 }, () => unknown('a', 100)), unknown('a', fields - 39_904)],
      },
    });
    const allowed = await partner.send(CREATE_CUSTOMER, input(40_000));
    expect(allowed.json.errors[0].extensions.code).toBe('BAD_USER_INPUT');
    expect(await refusalsOf(CREATE_CUSTOMER, input(40_001))).toMatchObject([
      { code, bound: 'inputFields', limit: 40_000, found: 40_001 },
    ]);
  });

  test('1,000 different field names', async () => {
    // With `query`, `variables` and `input`.
    const allowed = await partner.send(CREATE_CUSTOMER, { input: unknown('a', 997) });
    expect(allowed.json.errors[0].extensions.code).toBe('BAD_USER_INPUT');
    expect(await refusalsOf(CREATE_CUSTOMER, { input: unknown('a', 998) })).toMatchObject([
      { code, bound: 'fieldNames', limit: 1_000, found: 1_001 },
    ]);
  });

  test('not more in its extensions either', async () => {
    const extensions = Array.from({ length: 400 }, () => unknown('a', 100));
    const { json } = await partner.post(
      JSON.stringify({ query: '{ __typename }', extensions: { extensions } }),
    );
    expect(json.errors[0].extensions).toMatchObject({ code, bound: 'inputFields', found: 40_003 });
  });

  test.each([
    ['rows that are no objects', Array.from({ length: 24_000 }, () => 1)],
    ['rows with nothing in them', Array.from({ length: 24_000 }, () => ({}))],
  ])('%s by the thousand, and gets no list of thousands of errors', async (_case, inputs) => {
    const answer = await partner.send(CREATE_CUSTOMERS, { inputs });
    expect(answer.status).toBe(400);
    expect(answer.json.errors.length).toBeLessThan(60);
  });

  test('lists within lists deeper than the call stack, without harm', async () => {
    const nested = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const body = `{"query":${JSON.stringify(CREATE_CUSTOMERS)},"variables":{"inputs":${nested}}}`;
    expect((await partner.post(body)).status).toBe(400);
  });
});

describe('the check itself cannot be attacked', () => {
  test('with fragments that double at each step', async () => {
    const steps = 150;
    const document = `{ ...f0 } ${times(steps, (step) => `fragment f${step} on Query { ...f${step + 1} ...f${step + 1} }`)}
      fragment f${steps} on Query { a: __typename }`;
    expect(await refusalsOf(document)).toMatchObject([
      { bound: 'aliases', found: 2 ** steps },
      { bound: 'cost', found: 2 ** steps },
    ]);
  });

  test('with fragments that spread themselves', async () => {
    const document = '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }';
    expect(await refusalsOf(document)).toMatchObject([{ code: 'GRAPHQL_VALIDATION_FAILED' }]);
  });

  test.each([
    [
      'lists in lists',
      (depth: number) => `{ customer(uuid: ${'['.repeat(depth)}${']'.repeat(depth)}) { uuid } }`,
    ],
    [
      'objects in objects',
      (depth: number) => `{ customer(uuid: ${'{a:'.repeat(depth)}1${'}'.repeat(depth)}) { uuid } }`,
    ],
    [
      'selections in selections',
      (depth: number) => `{ ${'...{'.repeat(depth)} __typename ${'}'.repeat(depth)} }`,
    ],
  ])('with %s, as deep as the tokens let it', async (_case, nested) => {
    for (const depth of [400, 600, 800, 1_240]) {
      expect((await partner.send(nested(depth))).status).toBeLessThan(500);
    }
  });
});

test('a refused document takes one call of the limit', async () => {
  const caller = gateway.nextPartner();
  const answers = [
    await caller.send('{ __typename }'),
    await caller.send(`{ ${times(21, (index) => `a${index}: customer(uuid: "${UNKNOWN_UUID}") { uuid }`)} }`),
    await caller.send(`{ ${times(2_500, () => '__typename')} }`),
  ];
  expect(answers.map((answer) => answer.headers['ratelimit-remaining'])).toEqual([
    '999999',
    '999998',
    '999997',
  ]);
});

test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
  'what a page of another site can make a browser send is refused: %s',
  async (contentType) => {
    const body = JSON.stringify({ query: '{ __typename }' });
    const answer = await partner.post(body, { headers: { 'content-type': contentType } });
    expect(answer.status).toBe(415);
  },
);

describe('in production', () => {
  let production: TestGateway;
  let caller: SignedClient;
  beforeAll(async () => {
    production = resources.adopt(
      await startTestGateway({ environment: 'production', secretsKeys: [randomBytes(32)] }),
      (it) => it.close(),
    );
    caller = production.nextPartner();
  });

  test.each([
    ['__schema', '{ __schema { types { name } } }'],
    ['__type', '{ __type(name: "Customer") { name } }'],
  ])('the schema is not told: %s', async (_case, document) => {
    const answer = await caller.send(document);
    expect(answer.status).toBe(400);
    expect(answer.json.data).toBeUndefined();
  });

  test.each([
    ['a field', '{ customerr(uuid: "x") { uuid } }', {}],
    ['an argument', `{ customer(uuidd: "${UNKNOWN_UUID}") { uuid } }`, {}],
    [
      'a type',
      'query ($filter: CustomerFilterInputt) { customersConnection(filter: $filter) { totalCount } }',
      {},
    ],
    ['an enum value', '{ customers(orderBy: EMAILL) { page } }', {}],
    [
      'an enum value in a variable',
      'query ($by: CustomerOrderField) { customers(orderBy: $by) { page } }',
      { by: 'EMAILL' },
    ],
    ['an input field', `mutation { createCustomer(input: { custome: "A" }) { __typename } }`, {}],
    ['an input field in a variable', CREATE_CUSTOMER, { input: { custome: 'A' } }],
    [
      'a nested input field in a variable',
      UPDATE_CUSTOMER,
      { uuid: UNKNOWN_UUID, input: { contacts: { ad: [] } } },
    ],
  ])('a wrong name gets no proposal of a right one: %s', async (_case, document, variables) => {
    const there = await partner.send(document, variables);
    expect(there.text).toContain('Did you mean');
    const answer = await caller.send(document, variables);
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain('Did you mean');
  });
});
