import { beforeAll, expect, test } from 'vitest';
import { type MikroORM } from '@mikro-orm/postgresql';
import fc from 'fast-check';
import { createTeam } from '../../src/teams/teams.js';
import { createCustomer } from '../../src/customers/create/create-customer.js';
import { createCustomers } from '../../src/customers/create/create-customers.js';
import { type CustomerRepository, openCustomerRepository } from '../../src/customers/customer-repository.js';
import { deleteCustomer, restoreCustomer } from '../../src/customers/delete/delete-customer.js';
import { updateCustomer } from '../../src/customers/update/update-customer.js';
import { upsertCustomer } from '../../src/customers/upsert/upsert-customer.js';
import { CustomerKey } from '../../src/customers/upsert/upsert-customer.result.js';
import { openOrm } from '../../src/orm/orm.js';
import { newActor } from '../support/actor.js';
import { keyedRows, withKeys } from '../support/customer-keys.js';
import { anyResponse } from '../support/response-bytes.js';
import { migratedDatabase } from '../support/database.js';
import { sharedResources } from '../support/resources.js';

let databaseUrl: string;
let orm: MikroORM;
let store: CustomerRepository;
const resources = sharedResources();
beforeAll(async () => {
  databaseUrl = await migratedDatabase();
  orm = resources.adopt(await openOrm(databaseUrl), (it) => it.close());
  store = await openCustomerRepository(orm);
});

/** Few of each, so that customers meet. */
const name = fc.constantFrom('Ærø', 'Crème Brûlée', 'STRASSE', 'A');
const email = fc.constantFrom('É@x.example', 'é@x.example', 'ß@BÜCHER.example', 'SS@bücher.example');
const phone = fc.constantFrom('+1 (555) 0100', '22', null, undefined);
const externalId = fc.constantFrom('1', '2');

test('an upsert that sends no phone leaves it searchable', async () => {
  const teamId = await createTeam(orm, 'Team');
  const upsert = (input: { customer: string; mainPhone?: string | null }) =>
    upsertCustomer(store, newActor(teamId), { email: 'a@x.example', ...input }, CustomerKey.EMAIL);
  await upsert({ customer: 'A', mainPhone: '+1 (555) 0100' });
  for (const input of [
    { customer: 'Ærø' },
    { customer: 'B', mainPhone: '22' },
    { customer: 'C', mainPhone: null },
  ]) {
    await upsert(input);
    const rows = await keyedRows(databaseUrl, teamId);
    expect(rows).toMatchObject([{ name: input.customer }]);
    expect(rows).toEqual(rows.map(withKeys));
  }
});

test('every statement that writes a customer writes its keys', async () => {
  const input = fc.record({ customer: name, email, externalId, mainPhone: phone });
  const change = fc.record({ customer: name, email, mainPhone: phone }, { requiredKeys: [] });
  const step = fc.oneof(
    fc.record({ does: fc.constantFrom('create', 'createMany', 'byEmail', 'byExternalId'), input }),
    fc.record({ does: fc.constantFrom('update', 'delete', 'restore'), which: fc.nat(9), change }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 12 }), async (steps) => {
      const teamId = await createTeam(orm, 'Team');
      const caller = newActor(teamId);
      for (const next of steps) {
        if ('input' in next) {
          const { customer, email: address, externalId: id, mainPhone } = next.input;
          const sent = {
            customer,
            email: address,
            externalId: id,
            ...(mainPhone !== undefined && { mainPhone }),
          };
          if (next.does === 'create') await createCustomer(store, caller, sent);
          if (next.does === 'createMany')
            await createCustomers(store, caller, [sent, { ...sent, externalId: null }]);
          if (next.does === 'byEmail') await upsertCustomer(store, newActor(teamId), sent, CustomerKey.EMAIL);
          if (next.does === 'byExternalId')
            await upsertCustomer(store, newActor(teamId), sent, CustomerKey.EXTERNAL_ID);
        } else {
          const rows = await keyedRows(databaseUrl, teamId);
          const { id = crypto.randomUUID() } = rows[next.which % Math.max(rows.length, 1)] ?? {};
          const { mainPhone, ...others } = next.change;
          const sent = { ...others, ...(mainPhone !== undefined && { mainPhone }) };
          if (next.does === 'update') await updateCustomer(store, newActor(teamId), id, sent, anyResponse());
          if (next.does === 'delete') await deleteCustomer(store, newActor(teamId), id);
          if (next.does === 'restore') await restoreCustomer(store, newActor(teamId), id);
        }
      }
      const rows = await keyedRows(databaseUrl, teamId);
      expect(rows).toEqual(rows.map(withKeys));
    }),
    { numRuns: 15 },
  );
});
