import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type MikroORM } from '@mikro-orm/postgresql';
import { createTeam } from '../../src/auth/issue-credentials.js';
import { createCustomer } from '../../src/customers/create/create-customer.js';
import { type CustomerStore, openCustomerStore } from '../../src/customers/customer-store.js';
import { openOrm } from '../../src/database/orm.js';
import { migratedDatabase } from '../support/database.js';
import { newEmail } from '../support/signed-client.js';

let orm: MikroORM;
let store: CustomerStore;
const clientId = crypto.randomUUID();
let teamId: string;
/** Every statement that went to the database since it was emptied. */
const statements: string[] = [];

beforeAll(async () => {
  orm = await openOrm(await migratedDatabase());
  store = await openCustomerStore(orm);
  teamId = await createTeam(orm, 'Team');
  const pool = await orm.em.getConnection().getNativeClient();
  pool.on('acquire', (client) => {
    // oxlint-disable-next-line typescript/unbound-method -- put back, and called on its client, below
    const { query } = client;
    // oxlint-disable-next-line typescript/no-explicit-any -- pg overloads query beyond what a wrapper can say
    client.query = (...args: any[]) => {
      statements.push(typeof args[0] === 'string' ? args[0] : args[0].text);
      client.query = query;
      // oxlint-disable-next-line typescript/no-unsafe-argument -- handed on as they came
      return Reflect.apply(query, client, args);
    };
  });
});
afterAll(() => orm.close());

async function statementsOf(operation: () => Promise<unknown>): Promise<number> {
  statements.length = 0;
  await operation();
  return statements.length;
}

test('each operation costs one database round trip, and a customer that is not valid none', async () => {
  const input = {
    customer: 'Acme',
    email: newEmail(),
    contacts: [{ firstName: 'Ada' }, { firstName: 'Bob' }],
  };
  expect(await statementsOf(() => createCustomer(store, { clientId, teamId }, input))).toBe(1);
  expect(await statementsOf(() => createCustomer(store, { clientId, teamId }, input))).toBe(1);
  expect(await statementsOf(() => createCustomer(store, { clientId, teamId }, { ...input, email: '' }))).toBe(
    0,
  );
  expect(await statementsOf(() => store.find.byEmail(teamId, input.email))).toBe(1);
  expect(await statementsOf(() => store.find.byUuid(teamId, crypto.randomUUID()))).toBe(1);
});
