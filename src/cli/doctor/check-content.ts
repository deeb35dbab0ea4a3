import { type MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { checkSecrets } from '../../auth/check-secrets.js';
import { ClientSecret } from '../../auth/client-secret.entity.js';
import { findSecretBox } from '../../auth/secrets-keys.js';
import { type Config } from '../../config/config.js';
import { openOrm } from '../../orm/orm.js';
import { MIGRATIONS_TABLE } from '../../orm/pending-migrations.js';
import { WebhookSecret } from '../../webhooks/endpoints/webhook-secret.entity.js';
import { type Check, check, type Finding, failed, ok, warning } from './check.js';
import { describeMigrations, type MigrationState, readMigrations } from './check-migrations.js';
import { privilegesOf } from './check-privileges.js';

/** Checks the tables of a database, what the role may do with them, and the secrets in them. */
export async function checkContent(config: Config, url: string, client: pg.Client): Promise<Check[]> {
  const orm = await openOrm(url, config.databasePool);
  try {
    let state: MigrationState = { unreadable: MIGRATIONS_TABLE };
    const migrations = await check('migrations', async () => {
      state = await readMigrations(client);
      return describeMigrations(state);
    });
    const tables = [...orm.getMetadata().getAll().values()].map(({ tableName }) => tableName);
    const privileges = await check('database privileges', () => privilegesOf(client, state, tables));
    const isUsable = privileges.state !== 'failed' && migrations.state === 'ok';
    const secrets = isUsable
      ? await check('secrets', () => secretsOf(orm, config))
      : { check: 'secrets', ...warning('Not checked because of the failures above.') };
    return [privileges, migrations, secrets];
  } finally {
    await orm.close();
  }
}

async function secretsOf(orm: MikroORM, config: Config): Promise<Finding> {
  const box = await findSecretBox(config);
  const clients = await checkSecrets(orm, box, ClientSecret);
  const endpoints = await checkSecrets(orm, box, WebhookSecret);
  const problems: string[] = [];
  if (clients.unreadable.length > 0) {
    problems.push(
      `No key can decrypt a secret of these clients, so they cannot authenticate: ${clients.unreadable.join(', ')}. Add the missing key to SECRETS_KEY, or create new secrets with \`client rotate --overlap 0\`.`,
    );
  }
  if (endpoints.unreadable.length > 0) {
    problems.push(
      `No key can decrypt a secret of these webhook endpoints, so nothing is delivered to them: ${endpoints.unreadable.join(', ')}. Add the missing key to SECRETS_KEY, or have their clients call \`rotateWebhookSecret\` with \`overlapHours: 0\`.`,
    );
  }
  if (problems.length > 0) return failed(problems.join(' '));
  const total = clients.total + endpoints.total;
  const older = clients.older + endpoints.older;
  if (older > 0) {
    return warning(
      `${older} of ${total} secrets are encrypted with an older key. Run \`customer-gateway secrets reencrypt\`.`,
    );
  }
  return ok(`All secrets (${total}) can be decrypted with the newest key.`);
}
