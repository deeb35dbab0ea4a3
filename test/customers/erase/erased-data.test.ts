import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GraphQLInputType, isInputObjectType } from 'graphql';
import { beforeAll, expect, test } from 'vitest';
import { buildGatewaySchema } from '../../../src/graphql/schema.js';
import { createCustomer, fullCustomer } from '../../support/customers.js';
import { query } from '../../support/database.js';
import { dumpDatabase, tablesWith } from '../../support/database-dump.js';
import { eventually } from '../../support/eventually.js';
import { startDeliveringGateway, type TestGateway } from '../../support/gateway.js';
import { markedInput } from '../../support/marked-input.js';
import { operator } from '../../support/operator.js';
import {
  CREATE_CUSTOMER,
  DELETE_CUSTOMER,
  ERASE_CUSTOMER,
  UPDATE_CUSTOMER,
  UPSERT_CUSTOMER,
} from '../../support/operations.js';
import { type Partner } from '../../support/partner.js';
import { sharedResources } from '../../support/resources.js';
import { createEndpoint, readEndpoint, UPDATE_ENDPOINT } from '../../support/webhook-operations.js';
import { respondWith, startWebhookReceiver } from '../../support/webhook-receiver.js';

let gateway: TestGateway;
let newInput: GraphQLInputType;
let updateInput: GraphQLInputType;
let folder: string;

const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startDeliveringGateway(3), (it) => it.close());
  // PostgreSQL keeps the statistics of a table that is empty.
  await createCustomer(gateway.nextPartner(), fullCustomer());
  folder = resources.adopt(await mkdtemp(join(tmpdir(), 'erased-data-')), (it) =>
    rm(it, { recursive: true }),
  );
  const schema = await buildGatewaySchema();
  const typeOf = (name: string) => {
    const type = schema.getType(name);
    if (!isInputObjectType(type)) throw new Error(`${name} is not an input type`);
    return type;
  };
  newInput = typeOf('CreateCustomerInput');
  updateInput = typeOf('UpdateCustomerInput');
});

/** What was ever stored of a customer, by where it was sent. */
class Marks {
  readonly #marks = new Map<string, string>();

  add(source: string, marks: ReadonlyMap<string, string>): void {
    for (const [path, mark] of marks) this.#marks.set(`${source}${path}`, mark);
  }

  /** The places in a dump, by where the mark was sent. */
  async foundIn(databaseUrl: string): Promise<Record<string, string[]>> {
    const dump = await dumpDatabase(databaseUrl);
    const found = [...this.#marks].map(([source, mark]) => [source, tablesWith(dump, mark)] as const);
    return Object.fromEntries(found.filter(([, tables]) => tables.length > 0));
  }

  get sources(): string[] {
    return [...this.#marks.keys()];
  }
}

/** Creates a customer with a text in every field, and replaces each text by every means that can. */
async function liveALife(partner: Partner, marks: Marks): Promise<string> {
  const first = markedInput(newInput);
  const key = `key-${crypto.randomUUID()}`;
  marks.add('create', first.marks);
  marks.add('idempotencyKey', new Map([['', key]]));
  const created = await partner.send(CREATE_CUSTOMER, { input: first.input, idempotencyKey: key });
  const { uuid } = created.json.data.createCustomer.data;

  const update = markedInput(updateInput);
  marks.add('update', update.marks);
  const updated = await partner.send(UPDATE_CUSTOMER, { uuid, input: update.input });
  const { email } = updated.json.data.updateCustomer.data;

  const { input, marks: upsertMarks } = markedInput(newInput);
  marks.add('upsert', new Map([...upsertMarks].filter(([path]) => path !== '.email')));
  const upserted = await partner.send(UPSERT_CUSTOMER, { input: { ...input, email }, by: 'EMAIL' });
  expect(upserted.json.data.upsertCustomer).toMatchObject({ __typename: 'Updated', data: { uuid } });

  const { marks: imported } = markedInput(newInput);
  const [name, notes] = [imported.get('.customer') ?? '', imported.get('.notes') ?? ''];
  marks.add(
    'import',
    new Map([
      ['.customer', name],
      ['.notes', notes],
    ]),
  );
  const file = join(folder, `${uuid}.csv`);
  await writeFile(file, `customer,email,notes\n${name},${email},${notes}\n`);
  const admin = operator({
    NODE_ENV: 'production',
    DATABASE_URL: gateway.databaseUrl,
    SECRETS_KEY: gateway.secretsKey.toString('base64'),
  });
  const { stdout } = await admin.run('import', file, '--team', partner.teamId, '--upsert', 'email');
  expect(stdout).toContain('updated');
  return uuid;
}

/** Endpoints whose deliveries are sent, fail, and wait. */
async function createEndpoints(partner: Partner): Promise<string[]> {
  const endpoints: string[] = [];
  for (const status of [204, 500, 204]) {
    const receiver = resources.adopt(await startWebhookReceiver(respondWith(status)), (it) => it.close());
    endpoints.push((await createEndpoint(partner, receiver.url)).uuid);
  }
  await partner.send(UPDATE_ENDPOINT, { uuid: endpoints[2], input: { paused: true } });
  return endpoints;
}

async function waitForAttempts(
  partner: Partner,
  endpoints: readonly string[],
  events: number,
): Promise<void> {
  await eventually('the deliveries are attempted', async () => {
    const [sent, failing, waiting] = await Promise.all(endpoints.map((uuid) => readEndpoint(partner, uuid)));
    return (
      sent?.deliveries.filter(({ status }) => status === 'SUCCEEDED').length === events &&
      failing?.deliveries.some(({ attempts }) => attempts.length > 0) === true &&
      waiting?.deliveries.length === events
    );
  });
}

test.each([
  ['a customer', false],
  ['a deleted customer', true],
])('after the erasure of %s, no table has a text of it or of its contacts', async (_case, isDeleted) => {
  const partner = gateway.nextPartner();
  const marks = new Marks();
  const endpoints = await createEndpoints(partner);
  const uuid = await liveALife(partner, marks);
  if (isDeleted) await partner.send(DELETE_CUSTOMER, { uuid });
  await waitForAttempts(partner, endpoints, isDeleted ? 5 : 4);
  await query(gateway.databaseUrl, 'analyze');
  expect(Object.keys(await marks.foundIn(gateway.databaseUrl))).toEqual(marks.sources);

  const { json } = await partner.send(ERASE_CUSTOMER, { uuid });
  expect(json.data.eraseCustomer).toMatchObject({
    __typename: 'Erased',
    data: { customerUuid: uuid, contactCount: 2, eventCount: isDeleted ? 5 : 4, idempotencyKeyCount: 1 },
  });
  // PostgreSQL has values in its statistics, until it computes them again.
  await query(gateway.databaseUrl, 'analyze');
  expect(await marks.foundIn(gateway.databaseUrl)).toEqual({});
});
