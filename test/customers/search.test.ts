import { beforeAll, expect, test } from 'vitest';
import { type MikroORM } from '@mikro-orm/postgresql';
import fc from 'fast-check';
import { createTeam } from '../../src/teams/teams.js';
import { createCustomers } from '../../src/customers/create/create-customers.js';
import { type CustomerRepository, openCustomerRepository } from '../../src/customers/customer-repository.js';
import { type CustomerType } from '../../src/customers/customer.type.js';
import { checkPage } from '../../src/customers/list/list-rules.js';
import { openOrm } from '../../src/orm/orm.js';
import { newActor } from '../support/actor.js';
import { migratedDatabase } from '../support/database.js';
import { sharedResources } from '../support/resources.js';
import { newEmail } from '../support/signed-client.js';

let orm: MikroORM;
let customers: CustomerRepository;
let teamId: string;

/** Few characters, so that searches find something; those that mean something to LIKE are among them. */
const text = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'B', 'é', 'É', '%', '_', '\\', ' ', '1'), minLength, maxLength });

/** The searched parts of each customer: name, email, phone, and the digits of the phone. */
let stored: string[][];

const resources = sharedResources();
beforeAll(async () => {
  orm = resources.adopt(await openOrm(await migratedDatabase()), (it) => it.close());
  customers = await openCustomerRepository(orm);
  teamId = await createTeam(orm, 'Team');
  const inputs = fc
    .sample(fc.tuple(text(1, 8), text(0, 4)), { seed: 1, numRuns: 100 })
    .map(([name, mainPhone]) => ({ customer: `x${name}x`, email: newEmail(), mainPhone }));
  const result = await createCustomers(customers, newActor(teamId), inputs);
  if (!('results' in result) || result.errorCount > 0) throw new Error('Not all customers were stored');
  const rows = await Promise.all(result.results);
  stored = rows.flatMap((row) => ('data' in row ? [partsOf(row.data)] : []));
});

/** Text of these few characters as it is searched. */
const plain = (part: string) => part.toLowerCase().replaceAll('é', 'e');

const partsOf = ({ customer, email, mainPhone }: CustomerType) => {
  const phone = mainPhone ?? '';
  return [customer, email, phone, phone.replaceAll(/[^0-9]/g, '')].map(plain);
};

test('a search finds just those that have the text in one of their parts, in any case, with or without accents', async () => {
  await fc.assert(
    fc.asyncProperty(text(1, 3), async (search) => {
      const checked = checkPage({ search });
      if ('errors' in checked) throw new Error('The search was refused');
      const wanted = plain(search.trim());
      const expected = stored.filter((parts) => parts.some((part) => part.includes(wanted)));
      expect(await customers.count(teamId, checked.filter)).toBe(expected.length);
    }),
    { numRuns: 200 },
  );
});
