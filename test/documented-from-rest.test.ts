import { readFile } from 'node:fs/promises';
import { buildSchema, isInputObjectType, isUnionType } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { errorCodes } from '../src/errors/error-codes.js';
import { type CodeBlock, codeBlocks } from './support/code-block.js';
import { startTestGateway, type TestGateway } from './support/gateway.js';

const PAGE = 'docs/from-rest.md';
const page = await readFile(PAGE, 'utf8');
const schemaText = await readFile('schema.graphql', 'utf8');
const schema = buildSchema(schemaText);

/** The text under a heading of a document. */
function sectionOf(document: string, heading: string): string {
  return document.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
}

/** The rows of the table of a section, each by the names of its columns. */
function rowsOf(heading: string): Record<string, string>[] {
  const [head = [], , ...rows] = [...sectionOf(page, heading).matchAll(/^\|(.*)\|$/gm)].map(([, row = '']) =>
    row.split('|').map((cell) => cell.trim()),
  );
  return rows.map((cells) => Object.fromEntries(cells.map((cell, column) => [head[column], cell])));
}

/** The words of all code in a text. */
function wordsIn(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].flatMap(([, code = '']) => code.match(/\w[\w.-]*/g) ?? []);
}

/** The words of code in the column of this gateway. */
const ourWords = (heading: string) => rowsOf(heading).flatMap((row) => wordsIn(row['this gateway'] ?? ''));

/** The words of code in the tables of a document. */
async function tableWords(document: string): Promise<string[]> {
  const rows = (await readFile(document, 'utf8')).match(/^\|.*/gm) ?? [];
  return rows.flatMap(wordsIn);
}

describe('docs/from-rest.md names of this gateway', () => {
  test.each(['Endpoints', 'Fields', 'Statuses and error codes', 'Bulk operations', 'Webhooks'])(
    '%s: only names of the schema, of an error or of a delivery',
    async (heading) => {
      const known = new Set([
        ...(schemaText.replaceAll(/"{3}[^]*?"{3}/g, '').match(/\w+/g) ?? []),
        ...Object.values(errorCodes),
        ...(await tableWords('docs/signing.md')),
        ...(await tableWords('docs/webhooks.md')),
      ]);
      const words = ourWords(heading);
      expect(words.length).toBeGreaterThan(5);
      expect(words.filter((word) => !known.has(word))).toEqual([]);
    },
  );

  test('every field of a new customer', () => {
    const type = schema.getType('CreateCustomerInput');
    const fields = isInputObjectType(type) ? Object.keys(type.getFields()) : [];
    expect(fields.length).toBeGreaterThan(10);
    expect(ourWords('Fields')).toEqual(expect.arrayContaining(fields));
  });

  test('every outcome of createCustomer', () => {
    const union = schema.getType('CreateCustomerResult');
    const members = isUnionType(union) ? union.getTypes().map(({ name }) => name) : [];
    expect(members.length).toBeGreaterThan(3);
    expect(ourWords('Statuses and error codes')).toEqual(expect.arrayContaining(members));
  });

  test('every reason of a 401', async () => {
    const signing = sectionOf(await readFile('docs/signing.md', 'utf8'), 'Authentication errors');
    const reasons = [...signing.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, reason = '']) => reason);
    expect(reasons.length).toBeGreaterThan(5);
    expect(wordsIn(sectionOf(page, 'Statuses and error codes'))).toEqual(expect.arrayContaining(reasons));
  });
});

test('docs/from-rest.md links a source for each fact about COUNT', () => {
  const sources = [...page.matchAll(/^\[(\d+)\]: https:/gm)].map(([, number]) => number);
  const [, text = ''] = page.split('\n## Differences\n');
  const cited = [...text.matchAll(/\[(\d+)\](?!:)/g)].map(([, number]) => number);
  expect(sources.length).toBeGreaterThan(5);
  expect(new Set(cited)).toEqual(new Set(sources));
  const cells = ['Endpoints', 'Fields', 'Statuses and error codes'].flatMap((heading) =>
    rowsOf(heading).map((row) => row['COUNT'] ?? ''),
  );
  expect(cells.length).toBeGreaterThan(30);
  expect(cells.filter((cell) => !/\[\d+\]|none in these sources/.test(cell))).toEqual([]);
});

describe('docs/from-rest.md', () => {
  let gateway: TestGateway;
  let blocks: CodeBlock[];
  beforeAll(async () => {
    gateway = await startTestGateway({}, 2);
    blocks = (await codeBlocks(PAGE)).filter(({ language }) => language === 'graphql' || language === 'json');
  });
  afterAll(() => gateway.close());

  test('every GraphQL block runs as it stands, with the variables below it', async () => {
    const partner = gateway.nextPartner();
    const requests = blocks.flatMap(({ language, code }, index) =>
      language === 'graphql' ? [{ query: code, variables: JSON.parse(blocks[index + 1]?.code ?? '') }] : [],
    );
    const responses: unknown[] = [];
    for (const { query, variables } of requests) {
      const { status, json } = await partner.send(query, variables);
      expect(status).toBe(200);
      responses.push(json);
    }
    const uuid = expect.stringMatching(/^[0-9a-f-]{36}$/);
    const conflict = { __typename: 'Conflict', code: 'EMAIL_EXISTS', message: expect.any(String) };
    expect(responses).toEqual([
      {
        data: {
          createCustomer: { __typename: 'Created', data: expect.objectContaining({ customer: 'Acme' }) },
        },
      },
      { data: { customerByEmail: { uuid, customer: 'Acme' } } },
      {
        data: {
          customers: {
            totalRecords: 1,
            totalPages: 1,
            records: [{ uuid, customer: 'Acme', email: 'ada@acme.example' }],
          },
        },
      },
      {
        data: {
          createCustomers: {
            __typename: 'CustomersCreated',
            successCount: 1,
            errorCount: 1,
            results: [{ __typename: 'Created', data: { uuid } }, conflict],
          },
        },
      },
    ]);
  });

  test('the responses shown are those of the gateway', async () => {
    const [create, variables, created, conflict] = blocks.map(({ code }) => code);
    const partner = gateway.nextPartner();
    const { input, idempotencyKey } = JSON.parse(variables ?? '');
    const first = await partner.send(create ?? '', { input, idempotencyKey });
    const second = await partner.send(create ?? '', { input });
    const shown = JSON.parse(created ?? '');
    shown.data.createCustomer.data.uuid = first.json.data.createCustomer.data.uuid;
    expect(first.json).toEqual(shown);
    expect(second.json).toEqual(JSON.parse(conflict ?? ''));
  });
});
