import { readFile } from 'node:fs/promises';
import { afterEach, beforeAll, describe, test } from 'vitest';
import fc from 'fast-check';
import { type GraphQLSchema } from 'graphql';
import { buildGatewaySchema } from '../../src/graphql/schema.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { newEmail } from '../support/signed-client.js';
import { createEndpoint, SEND_TEST } from '../support/webhook-operations.js';
import { abuses } from './support/abuses.js';
import { damaged, tokenSoup, validOperations } from './support/documents.js';
import {
  assertHolds,
  type FuzzGateway,
  printable,
  PUBLISHED_ID,
  startFuzzGateway,
  TIMEOUT_MS,
} from './support/fuzz-gateway.js';
import { expectHarmlessGraphQL } from './support/harmless.js';
import { badValue, Values } from './support/values.js';

let gateway: FuzzGateway;
let schema: GraphQLSchema;
const resources = sharedResources();
beforeAll(async () => {
  schema = await buildGatewaySchema();
  gateway = resources.adopt(await startFuzzGateway(), (it) => it.close());
});
afterEach(() => gateway.expectUnharmed());

const documentId = fc.oneof(
  badValue,
  fc.constantFrom(PUBLISHED_ID, 'unknown', '__proto__', `sha256:${'0'.repeat(64)}`),
);

describe('a partner gets an answer in our shape, and breaks nothing, with', () => {
  const sent = async (body: string | Buffer, headers?: Record<string, string>) => {
    expectHarmlessGraphQL(await gateway.partner.post(body, headers ? { headers } : {}), gateway.secrets);
  };

  test(
    'any bytes',
    () => assertHolds(fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), (body) => sent(Buffer.from(body)))),
    TIMEOUT_MS,
  );

  test(
    'any JSON',
    () =>
      assertHolds(
        fc.asyncProperty(
          fc.oneof(
            badValue,
            fc.record(
              {
                query: fc.oneof(fc.constantFrom('{ __typename }', CREATE_CUSTOMER), badValue),
                variables: badValue,
                operationName: badValue,
                extensions: fc.oneof(
                  badValue,
                  fc.record({
                    persistedQuery: fc.oneof(
                      badValue,
                      fc.record({ version: fc.constant(1), sha256Hash: documentId }),
                    ),
                  }),
                ),
                documentId,
                http: badValue,
              },
              { requiredKeys: [] },
            ),
          ),
          (body) => sent(JSON.stringify(body)),
        ),
      ),
    TIMEOUT_MS,
  );

  test(
    'any media types',
    () =>
      assertHolds(
        fc.asyncProperty(
          fc.oneof(
            fc.string(),
            fc.constantFrom(
              '*/*',
              'text/html',
              'multipart/mixed',
              'multipart/mixed; deferSpec=20220824',
              'multipart/mixed; incrementalSpec=v0.2',
              'application/graphql-response+json',
              'image/*;q=0',
            ),
          ),
          fc.oneof(
            fc.string(),
            fc.constantFrom(
              'application/json',
              'application/json; charset=utf-16',
              'application/json;',
              'APPLICATION/JSON',
              'application/json, text/plain',
            ),
          ),
          async (accept, contentType) => {
            await sent('{"query":"{ __typename }"}', {
              accept: printable(accept),
              'content-type': printable(contentType),
            });
          },
        ),
      ),
    TIMEOUT_MS,
  );

  test(
    'any text for a document',
    () =>
      assertHolds(
        fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), tokenSoup(schema)), (query) =>
          sent(JSON.stringify({ query })),
        ),
      ),
    TIMEOUT_MS,
  );

  test(
    'damaged documents',
    async () => {
      const examples = await readFile('examples/examples.graphql', 'utf8');
      const names = Array.from(examples.matchAll(/^(?:query|mutation) (\w+)/gm), ([, name]) => name);
      await assertHolds(
        fc.asyncProperty(damaged(examples), fc.constantFrom(...names), (query, operationName) =>
          sent(JSON.stringify({ query, operationName })),
        ),
      );
    },
    TIMEOUT_MS,
  );

  test(
    'requests of the kinds that have blocked, filled or confused a gateway',
    () => assertHolds(fc.asyncProperty(abuses, ({ body, headers }) => sent(body, headers))),
    TIMEOUT_MS,
  );

  test(
    'valid documents and hostile variables',
    async () => {
      const emails = Array.from({ length: 5 }, () => newEmail());
      const contacts = [{ firstName: 'A' }, { firstName: 'B', isPrimary: true }];
      const answers = await Promise.all(
        emails.map((email) =>
          gateway.partner.send(CREATE_CUSTOMER, { input: { customer: 'A', email, contacts } }),
        ),
      );
      const customers = answers.map(({ json }) => json.data.createCustomer.data);
      const endpoint = await createEndpoint(gateway.partner, 'https://partner.example');
      const queued = await gateway.partner.send(SEND_TEST, { uuid: endpoint.uuid });
      const uuids = [
        ...customers.flatMap(({ uuid, contacts: [first] }) => [uuid, first.uuid]),
        endpoint.uuid,
        queued.json.data.sendTestEvent.data.uuid,
      ];
      const operations = validOperations(schema, new Values({ uuids, emails }));
      await assertHolds(fc.asyncProperty(operations, (operation) => sent(JSON.stringify(operation))));
    },
    TIMEOUT_MS,
  );
});
