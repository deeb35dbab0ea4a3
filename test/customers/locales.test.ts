import { beforeAll, describe, expect, test } from 'vitest';
import { type MikroORM } from '@mikro-orm/postgresql';
import fc from 'fast-check';
import { createTeam } from '../../src/teams/teams.js';
import { createCustomer } from '../../src/customers/create/create-customer.js';
import { Created } from '../../src/customers/create/create-customer.result.js';
import { createCustomers } from '../../src/customers/create/create-customers.js';
import { Conflict } from '../../src/customers/conflict.type.js';
import { type CustomerRepository, openCustomerRepository } from '../../src/customers/customer-repository.js';
import { type CustomerType } from '../../src/customers/customer.type.js';
import { deleteCustomer, restoreCustomer } from '../../src/customers/delete/delete-customer.js';
import { CustomerOrderField, OrderDirection } from '../../src/customers/list/customer-order.js';
import { checkPage } from '../../src/customers/list/list-rules.js';
import { emailKey, nameKey, searchTerms, searchText } from '../../src/customers/text-keys.js';
import { updateCustomer, updateCustomers } from '../../src/customers/update/update-customer.js';
import { Updated } from '../../src/customers/update/update-customer.result.js';
import { upsertCustomer } from '../../src/customers/upsert/upsert-customer.js';
import { CustomerKey } from '../../src/customers/upsert/upsert-customer.result.js';
import { openOrm } from '../../src/orm/orm.js';
import { newActor } from '../support/actor.js';
import { newCustomer } from '../support/customers.js';
import { databaseOf, locales } from '../support/locales.js';
import { anyResponse } from '../support/response-bytes.js';
import { sharedResources } from '../support/resources.js';
import { newEmail } from '../support/signed-client.js';

/** Letters that some locale takes for one, or for two. */
const letters = fc.constantFrom(...Array.from('iIıİßẞsSkKσςΣéÉeåÅæÆøØzZ'), 'e\u0301');
const word = fc.string({ unit: letters, minLength: 1, maxLength: 3 });

const resources = sharedResources();

describe.each(locales)('in a database of the locale %s', (locale) => {
  let orm: MikroORM;
  let store: CustomerRepository;
  beforeAll(async () => {
    orm = resources.adopt(await openOrm(await databaseOf(locale)), (it) => it.close());
    store = await openCustomerRepository(orm);
  });

  const newTeam = () => createTeam(orm, 'Team');

  async function create(
    teamId: string,
    input: Partial<Pick<CustomerType, 'customer' | 'email' | 'mainPhone'>>,
  ): Promise<CustomerType> {
    const result = await createCustomer(store, newActor(teamId), newCustomer(input));
    if (!(result instanceof Created)) throw new Error(`Not created: ${result.code}`);
    return result.data;
  }

  test('two emails are those of one customer exactly if their keys are equal', async () => {
    const domain = fc.constantFrom(
      'x.example',
      'X.EXAMPLE',
      'bücher.example',
      'BÜCHER.example',
      'xn--bcher-kva.example',
    );
    const email = fc.tuple(word, domain).map((parts) => parts.join('@'));
    const teamId = await newTeam();
    await fc.assert(
      fc.asyncProperty(email, email, async (one, other) => {
        const isOne = emailKey(one) === emailKey(other);
        const first = await create(teamId, { email: one });
        const input = { customer: 'B', email: other };
        const found = await store.findByEmail(teamId, other);
        expect(found?.uuid).toBe(isOne ? first.uuid : undefined);

        const second = await createCustomer(store, newActor(teamId), input);
        expect(second instanceof Conflict).toBe(isOne);
        const { uuid } = second instanceof Created ? second.data : await create(teamId, {});
        const upserted = await upsertCustomer(store, newActor(teamId), input, CustomerKey.EMAIL);
        expect(upserted).toMatchObject({ data: { uuid: isOne ? first.uuid : uuid } });
        await deleteCustomer(store, newActor(teamId), uuid);

        const change = () =>
          updateCustomer(store, newActor(teamId), first.uuid, { email: one }, anyResponse());
        const third = await create(teamId, {});
        expect(
          (await updateCustomer(
            store,
            newActor(teamId),
            third.uuid,
            { email: other },
            anyResponse(),
          )) instanceof Updated,
        ).toBe(!isOne);
        expect(await change()).toBeInstanceOf(Updated);
        const both = await updateCustomers(
          store,
          newActor(teamId),
          [
            { uuid: first.uuid, email: newEmail() },
            { uuid: third.uuid, email: newEmail() },
          ],
          anyResponse(),
        );
        expect(both).toMatchObject({ errorCount: 0 });
        const swapped = await updateCustomers(
          store,
          newActor(teamId),
          [
            { uuid: first.uuid, email: one },
            { uuid: third.uuid, email: other },
          ],
          anyResponse(),
        );
        expect(swapped).toMatchObject({ errorCount: isOne ? 1 : 0 });

        for (const gone of [first, third]) await deleteCustomer(store, newActor(teamId), gone.uuid);
        const rows = await createCustomers(store, newActor(teamId), [{ ...input, email: one }, input]);
        expect(rows).toMatchObject({ errorCount: isOne ? 1 : 0 });
        const restored = await restoreCustomer(store, newActor(teamId), first.uuid);
        expect(restored).toBeInstanceOf(Conflict);
        for (const row of 'results' in rows ? await Promise.all(rows.results) : []) {
          if ('data' in row) await deleteCustomer(store, newActor(teamId), row.data.uuid);
        }
      }),
      {
        numRuns: 20,
        examples: [
          ['I@x.example', 'i@x.example'],
          ['ı@x.example', 'I@x.example'],
          ['É@x.example', 'e\u0301@x.example'],
          ['ß@x.example', 'SS@x.example'],
          ['i@BÜCHER.example', 'I@bücher.example'],
        ],
      },
    );
  });

  const byCodePoint = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

  test('customers are in the order of their keys, by code points, on pages and by cursors', async () => {
    const teamId = await newTeam();
    const names = [
      ...new Set([...fc.sample(word, { seed: 1, numRuns: 60 }), '𝒜', '\uFFFD', 'a b', 'a-b', 'ab', 'AB']),
    ];
    const created = await Promise.all(
      names.map((customer, index) =>
        create(teamId, { customer, email: `${customer.codePointAt(0)}.${index}@x.example` }),
      ),
    );
    const orders = {
      [CustomerOrderField.CUSTOMER]: ({ customer }: CustomerType) => nameKey(customer),
      [CustomerOrderField.EMAIL]: ({ email }: CustomerType) => emailKey(email),
    };
    for (const field of [CustomerOrderField.CUSTOMER, CustomerOrderField.EMAIL] as const) {
      const key = orders[field];
      const expected = created
        .toSorted((a, b) => byCodePoint(key(a), key(b)) || byCodePoint(a.uuid, b.uuid))
        .map(({ uuid }) => uuid);
      const order = { field, direction: OrderDirection.ASC };
      const checked = checkPage({ limit: 100 });
      if ('errors' in checked) throw new Error('The page was refused');
      const all = await store.list(teamId, checked.filter, { ...order, limit: 100 });
      expect(all.map(({ customer }) => customer.uuid)).toEqual(expected);

      const walked: string[] = [];
      for (let after = undefined as (typeof all)[number]['position'] | undefined; ;) {
        const page = await store.list(teamId, checked.filter, { ...order, after, limit: 7 });
        walked.push(...page.map(({ customer }) => customer.uuid));
        after = page.at(-1)?.position;
        if (!after) break;
      }
      expect(walked).toEqual(expected);
    }
  });

  describe('a search', () => {
    let teamId: string;
    let stored: CustomerType[];
    const search = async (text: string) => {
      const checked = checkPage({ search: text, limit: 100 });
      if ('errors' in checked) throw new Error('The search was refused');
      const found = await store.list(teamId, checked.filter, { ...checked.order, limit: 100 });
      expect(await store.count(teamId, checked.filter)).toBe(found.length);
      return found.map(({ customer }) => customer);
    };
    beforeAll(async () => {
      teamId = await newTeam();
      stored = await Promise.all([
        create(teamId, { customer: 'Crème Brûlée' }),
        create(teamId, { customer: 'Ærø Færge', mainPhone: '+1 (555) 0100' }),
        create(teamId, { customer: 'Isparta İnşaat' }),
        create(teamId, { customer: 'ısı' }),
        create(teamId, { customer: 'Straße' }),
        ...fc
          .sample(
            fc.tuple(
              word,
              fc.string({ unit: fc.constantFrom(...Array.from('0123456789 ()-')), minLength: 1 }),
            ),
            {
              seed: 2,
              numRuns: 40,
            },
          )
          .map(([customer, mainPhone]) => create(teamId, { customer, mainPhone })),
      ]);
    });

    test.each([
      ['brulee', 'Crème Brûlée'],
      ['BRÛLÉE', 'Crème Brûlée'],
      ['ærø', 'Ærø Færge'],
      ['5550100', 'Ærø Færge'],
      ['555 0100', 'Ærø Færge'],
      ['ISPARTA', 'Isparta İnşaat'],
      ['insaat', 'Isparta İnşaat'],
      ['ISI', 'ısı'],
      ['strasse', 'Straße'],
      ['STRASSE', 'Straße'],
    ])('for %s finds %s', async (text, name) => {
      expect((await search(text)).map(({ customer }) => customer)).toEqual([name]);
    });

    test('finds the customers that have one of its terms', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.oneof(
            word,
            fc.string({ unit: fc.constantFrom(...Array.from('0123456789 -')), minLength: 1, maxLength: 4 }),
          ),
          async (text) => {
            fc.pre(text.trim() !== '');
            const terms = searchTerms(text.trim());
            const expected = stored.filter((customer) =>
              terms.some((term) => searchText(customer).includes(term)),
            );
            expect((await search(text)).map(({ uuid }) => uuid).toSorted()).toEqual(
              expected.map(({ uuid }) => uuid).toSorted(),
            );
          },
        ),
        { numRuns: 15 },
      );
    });
  });
});
