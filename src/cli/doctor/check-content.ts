import { type MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { checkSecrets } from '../../auth/check-secrets.js';
import { findSecretBox } from '../../auth/secrets-keys.js';
import { type Config } from '../../config.js';
import { openOrm } from '../../database/orm.js';
import { type Check, check, type Finding, failed, ok, warning } from './check.js';
import { onlyRow } from './only-row.js';

const MIGRATE = 'Run `customer-gateway migrate`, or start the gateway.';

/** Looks at the tables of a database, and at the secrets in them. */
export async function checkContent(config: Config, url: string, client: pg.Client): Promise<Check[]> {
  const orm = await openOrm(url, config.databasePool);
  try {
    const migrations = await check('migrations', () => migrationsOf(orm, client));
    if (migrations.state !== 'ok') {
      return [migrations, { check: 'secrets', ...warning('Not looked at: the database is not migrated.') }];
    }
    return [migrations, await check('secrets', () => secretsOf(orm, config))];
  } finally {
    await orm.close();
  }
}

async function migrationsOf(orm: MikroORM, client: pg.Client): Promise<Finding> {
  // The migrator makes its table where there is none.
  const { isEmpty } = await onlyRow<{ isEmpty: boolean }>(
    client,
    `select to_regclass('mikro_orm_migrations') is null as "isEmpty"`,
  );
  if (isEmpty) return failed(`The database is not migrated. ${MIGRATE}`);
  const pending = await orm.migrator.getPending();
  if (pending.length === 0) return ok('Every migration of this version is applied.');
  return failed(`The database lacks ${pending.map(({ name }) => name).join(', ')}. ${MIGRATE}`);
}

async function secretsOf(orm: MikroORM, config: Config): Promise<Finding> {
  const { total, older, unreadable } = await checkSecrets(orm, await findSecretBox(config));
  if (unreadable.length > 0) {
    return failed(
      `No key opens a secret of these clients, which cannot call: ${unreadable.join(', ')}. Add the key that is missing to SECRETS_KEY, or give them new secrets with \`client rotate --overlap 0\`.`,
    );
  }
  if (older > 0) {
    return warning(
      `${older} of ${total} secrets are sealed with an older key. Run \`customer-gateway secrets reencrypt\`.`,
    );
  }
  return ok(`The newest key opens all secrets (${total}).`);
}
