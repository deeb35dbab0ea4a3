import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MikroORM } from '@mikro-orm/postgresql';
import { Contact } from '../../src/customers/contact.entity.js';
import { Customer } from '../../src/customers/customer.entity.js';
import { names } from '../../src/database/names.js';
import { openOrm } from '../../src/orm/orm.js';
import { migratedDatabase, query } from '../support/database.js';

let orm: MikroORM;
let databaseUrl: string;
beforeAll(async () => {
  databaseUrl = await migratedDatabase();
  orm = await openOrm(databaseUrl);
});
afterAll(() => orm.close());

test.each([
  [Customer, 'customer', ['uuid', 'team', 'customer', 'mainPhone', 'billingAddress.zipCode', 'createdAt']],
  [Contact, 'contact', ['uuid', 'customer', 'position', 'isPrimary']],
])('the names in statements on %p are those of the migrated tables', async (entity, table, properties) => {
  const rows = await query<{ column: string }>(
    databaseUrl,
    'select column_name as column from information_schema.columns where table_name = $1',
    [table],
  );
  const columns = rows.map(({ column }) => column);
  const found = names(orm, entity);

  for (const property of properties) expect(columns).toContain(unquoted(found.column(property)));
});

test.each(['name', 'zipCode', 'billingAddress', 'billingAddress.planet', 'contacts'])(
  'a statement that names a property %p, which has no column, stops the start',
  (property) => {
    expect(() => names(orm, Customer).column(property)).toThrow(`Customer has no column for ${property}`);
  },
);

const unquoted = (name: string) => name.replaceAll('"', '');
