import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { SecretBox } from '../../src/auth/secret-box.js';
import { openOrm } from '../../src/orm/orm.js';
import { WebhookWorker } from '../../src/webhooks/webhook-worker.js';
import { migratedDatabase } from '../support/database.js';
import { lockTable } from '../support/table-lock.js';

test('a worker that is stopped while it checks the schema of its jobs starts none', async () => {
  const databaseUrl = await migratedDatabase();
  const orm = await openOrm(databaseUrl);
  const lock = await lockTable(databaseUrl, 'graphile_worker.migrations');
  const worker = await WebhookWorker.start({
    orm,
    databaseUrl,
    box: new SecretBox([randomBytes(32)]),
    registry: new Registry(),
    log: pino({ level: 'silent' }),
    allowPrivate: true,
    httpsOnly: false,
  });
  await lock.waitedForBy(1);
  const stopped = worker.stop(1_000);
  await lock.release();
  await stopped;
  expect(worker.pool.totalCount).toBe(0);
  await orm.close();
});
