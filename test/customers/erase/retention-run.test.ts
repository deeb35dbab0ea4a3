import { expect, test } from 'vitest';
import { eraseExpired } from '../../../src/customers/erase/erase-expired.js';
import { openOrm } from '../../../src/orm/orm.js';
import { createTeam } from '../../../src/teams/teams.js';
import { migratedDatabase, query } from '../../support/database.js';

test('one run of the retention looks at 10,000 customers, each once', async () => {
  const databaseUrl = await migratedDatabase();
  const orm = await openOrm(databaseUrl);
  await query(
    databaseUrl,
    `insert into customer (id, team_id, name, email, email_key, name_key, search_text, deleted_at)
     select gen_random_uuid(), $1, 'Ada', place, place, 'ada', 'ada', now() - interval '2 days'
     from generate_series(1, 10100) as place`,
    [await createTeam(orm, 'Team')],
  );
  const seen: string[] = [];
  // Erasing all of them takes minutes; the bound does not depend on it.
  const customers = {
    eraseExpired: (_actor: unknown, uuid: string) => {
      seen.push(uuid);
      return Promise.resolve(undefined);
    },
  };
  await eraseExpired(orm, customers, 1);
  expect(seen).toHaveLength(10_000);
  expect(new Set(seen).size).toBe(10_000);
  await orm.close();
});
