import { expect, test } from 'vitest';
import { JOBS_SCHEMA } from '../../src/webhooks/jobs/migrate-jobs.js';
import { migratedDatabase, query } from '../support/database.js';

test('JOBS_SCHEMA is the last migration of the installed graphile-worker', async () => {
  const applied = await query(
    await migratedDatabase(),
    'select max(id) as last from graphile_worker.migrations',
  );
  expect(applied).toEqual([{ last: JOBS_SCHEMA }]);
});
