import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTeam, issueToken } from '../../src/auth/issue-credentials.js';
import { buildGatewaySchema } from '../../src/graphql/schema.js';
import { query } from '../support/database.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import {
  CREATE_CUSTOMER,
  CREATE_CUSTOMERS,
  CUSTOMER,
  DELETE_CUSTOMER,
  READ_CUSTOMER,
  RESTORE_CUSTOMER,
  UPDATE_CUSTOMER,
  UPDATE_CUSTOMERS,
  UPSERT_CUSTOMER,
} from '../support/operations.js';
import { SignedClient } from '../support/signed-client.js';

/** In what a stranger could know or guess of the owner's customers. */
const MARK = 'owners-own';
/** In all the rest of them. */
const PRIVATE = 'for nobody else';

const LIST = `query ($search: String) { customers(search: $search) { records ${CUSTOMER} totalRecords } }`;
const CONNECTION = `query ($after: String) {
  customersConnection(after: $after) { edges { cursor node ${CUSTOMER} } totalCount }
}`;

let gateway: TestGateway;
let owner: SignedClient;
let ownersTeam: string;
let kept: { uuid: string; contacts: { uuid: string }[] };
let deleted: { uuid: string };
let ownersCursor: string;

/** Whoever is not to see the owner's team: another partner, and the owner's own app acting for another team. */
const strangers: Record<string, SignedClient> = {};

const ownersInput = (name: string) => ({
  customer: `${name} ${MARK}`,
  email: `${name}@${MARK}.example`,
  externalId: `${name}-${MARK}`,
  notes: PRIVATE,
  metadata: [{ key: PRIVATE, value: PRIVATE }],
  billingAddress: { city: PRIVATE },
  contacts: [{ firstName: PRIVATE, isPrimary: true }],
});

/** What the strangers send: everything they could know or guess of the owner's customers, and texts of their own. */
const CALLS: Record<string, () => [document: string, variables: Record<string, unknown>]> = {
  customer: () => [READ_CUSTOMER, { uuid: kept.uuid }],
  customerByEmail: () => [
    `query ($email: String!) { customerByEmail(email: $email) ${CUSTOMER} }`,
    { email: `kept@${MARK}.example` },
  ],
  customerByExternalId: () => [
    `query ($id: String!) { customerByExternalId(externalId: $id) ${CUSTOMER} }`,
    { id: `kept-${MARK}` },
  ],
  customers: () => [LIST, { search: MARK }],
  customersConnection: () => [CONNECTION, { after: ownersCursor }],
  createCustomer: () => [
    CREATE_CUSTOMER,
    {
      input: { customer: 'Mine', email: `kept@${MARK}.example`, externalId: `kept-${MARK}` },
      idempotencyKey: MARK,
    },
  ],
  createCustomers: () => [
    CREATE_CUSTOMERS,
    { inputs: [{ customer: 'Mine', email: `deleted@${MARK}.example` }], idempotencyKey: `${MARK} bulk` },
  ],
  updateCustomer: () => [
    UPDATE_CUSTOMER,
    { uuid: kept.uuid, input: { customer: 'Taken over', contacts: { remove: [kept.contacts[0]?.uuid] } } },
  ],
  updateCustomers: () => [UPDATE_CUSTOMERS, { inputs: [{ uuid: kept.uuid, customer: 'Taken over' }] }],
  upsertCustomer: () => [
    UPSERT_CUSTOMER,
    { input: { customer: 'Mine', email: `kept@${MARK}.example` }, by: 'EMAIL' },
  ],
  deleteCustomer: () => [DELETE_CUSTOMER, { uuid: kept.uuid }],
  restoreCustomer: () => [RESTORE_CUSTOMER, { uuid: deleted.uuid }],
};

const ownersRows = () =>
  query(
    gateway.databaseUrl,
    `select customer::text, (select array_agg(contact::text order by id) from contact where customer_id = customer.id)
     from customer where team_id = $1 order by id`,
    [ownersTeam],
  );

beforeAll(async () => {
  gateway = await startTestGateway();
  const partner = gateway.nextPartner();
  owner = partner;
  ownersTeam = partner.teamId;
  const create = async (name: string) =>
    (
      await owner.send(CREATE_CUSTOMER, {
        input: ownersInput(name),
        idempotencyKey: name === 'kept' ? MARK : undefined,
      })
    ).json.data.createCustomer.data;
  kept = await create('kept');
  deleted = await create('deleted');
  await owner.send(DELETE_CUSTOMER, { uuid: deleted.uuid });
  const list = await owner.send('{ customersConnection { edges { cursor } } }');
  ownersCursor = list.json.data.customersConnection.edges[0].cursor;

  strangers['another client'] = gateway.nextPartner();
  const { clientId } = owner.credentials;
  const teamId = await createTeam(gateway.orm, 'Another team of the same client');
  const { token } = await issueToken(gateway.orm, { clientId, teamId, days: 1 });
  strangers['the same client for another team'] = new SignedClient(gateway.url, {
    ...owner.credentials,
    token,
  });
});
afterAll(() => gateway.close());

test('every operation that there is is tried', async () => {
  const schema = await buildGatewaySchema();
  const fields = { ...schema.getQueryType()?.getFields(), ...schema.getMutationType()?.getFields() };
  expect(Object.keys(CALLS).toSorted()).toEqual(Object.keys(fields).toSorted());
});

describe.each(['another client', 'the same client for another team'])('%s', (stranger) => {
  test.each(Object.keys(CALLS))('neither sees nor changes a customer with %s', async (field) => {
    const before = await ownersRows();
    const [document, variables] = CALLS[field]?.() ?? [''];
    const answer = await strangers[stranger]?.send(document, variables);
    expect(answer?.json.errors).toBeUndefined();
    expect(answer?.text).not.toContain(PRIVATE);
    expect(await ownersRows()).toEqual(before);
  });
});
