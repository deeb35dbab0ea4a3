import { fileURLToPath } from 'node:url';
import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { AuditEntry } from '../audit/audit-entry.entity.js';
import { AccessToken } from '../auth/access-token.entity.js';
import { ApiClient } from '../auth/api-client.entity.js';
import { ClientSecret } from '../auth/client-secret.entity.js';
import { Contact } from '../customers/contact.entity.js';
import { Customer } from '../customers/customer.entity.js';
import { CustomerErasure } from '../customers/erase/customer-erasure.entity.js';
import { CustomerEvent } from '../customers/events/customer-event.entity.js';
import { PublishedDocument } from '../documents/published-document.entity.js';
import { IdempotencyKey } from '../idempotency/idempotency-key.entity.js';
import { Team } from '../teams/team.entity.js';
import { WebhookDelivery } from '../webhooks/deliveries/webhook-delivery.entity.js';
import { WebhookEndpoint } from '../webhooks/endpoints/webhook-endpoint.entity.js';
import { WebhookSecret } from '../webhooks/endpoints/webhook-secret.entity.js';
import { APPLICATION_NAME, NO_TIMEOUTS } from '../database/connection.js';
import { guardPool, poolOptions } from '../database/pool.js';
import { type PoolSettings } from '../database/pool-settings.js';
import { tlsOptions } from '../database/tls.js';

/** The folder of the compiled migrations, independent of the working directory. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url));

/** Options of the ORM for one database, shared by the gateway and the `mikro-orm` command line. */
export function ormOptions(databaseUrl: string, pool?: PoolSettings) {
  return defineConfig({
    clientUrl: databaseUrl,
    entities: [
      Team,
      ApiClient,
      ClientSecret,
      AccessToken,
      Customer,
      Contact,
      CustomerEvent,
      CustomerErasure,
      IdempotencyKey,
      PublishedDocument,
      WebhookEndpoint,
      WebhookSecret,
      WebhookDelivery,
      AuditEntry,
    ],
    extensions: [Migrator],
    // The ORM would look for a database of this name and create it. Behind a pooler, it can have another name.
    ensureDatabase: false,
    // graphile-worker migrates it.
    schemaGenerator: { ignoreSchema: ['graphile_worker'] },
    // Only compiled code runs.
    preferTs: false,
    driverOptions: {
      application_name: APPLICATION_NAME,
      ...tlsOptions(databaseUrl),
      ...(pool ? poolOptions(pool) : { options: NO_TIMEOUTS }),
    },
    migrations: {
      path: MIGRATIONS_FOLDER,
      pathTs: 'migrations',
      snapshotName: '.snapshot',
      snapshotOnMigrate: false,
      // Each migration commits separately, so that a long one can commit in steps.
      allOrNothing: false,
      silent: true,
    },
  });
}

/**
 * Opens the ORM on `databaseUrl`. Connections are made when they are first needed.
 *
 * @param pool - limits of a serving gateway. Without it there are no timeouts, as migrations and tools require.
 */
export async function openOrm(databaseUrl: string, pool?: PoolSettings): Promise<MikroORM> {
  const orm = await MikroORM.init(ormOptions(databaseUrl, pool));
  const connections = await orm.em.getConnection().getNativeClient();
  if (pool) guardPool(connections, pool);
  endWith(orm, connections);
  return orm;
}

/** Ends the pool when the ORM is closed, which does so only if it has executed a statement of its own. */
function endWith(orm: MikroORM, pool: pg.Pool): void {
  const close = orm.close.bind(orm);
  const closeBoth = async (force?: boolean) => {
    await close(force);
    if (!pool.ending) await pool.end();
  };
  Object.assign(orm, { close: closeBoth });
}
