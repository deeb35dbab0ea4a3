import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MikroORM } from '@mikro-orm/postgresql';
import { AccessToken } from '../../src/auth/access-token.entity.js';
import { ClientSecret } from '../../src/auth/client-secret.entity.js';
import { issueClient, issueToken } from '../../src/auth/issue-credentials.js';
import { revokeClient } from '../../src/auth/revoke-credentials.js';
import { rotateSecret } from '../../src/auth/rotate-secret.js';
import { SecretBox } from '../../src/auth/secret-box.js';
import { createCustomer } from '../../src/customers/create/create-customer.js';
import { openCustomerRepository } from '../../src/customers/customer-repository.js';
import { migrate } from '../../src/orm/migrate.js';
import { openOrm } from '../../src/orm/orm.js';
import { hashRequest } from '../../src/idempotency/idempotency-key.js';
import { createTeam } from '../../src/teams/teams.js';
import { newActor } from '../support/actor.js';
import { emptyDatabase, migratedDatabase, query } from '../support/database.js';

describe('the migrations', () => {
  let url: string;
  let orm: MikroORM;
  beforeAll(async () => {
    url = await emptyDatabase();
    orm = await openOrm(url);
  });
  afterAll(() => orm.close());

  const tables = () =>
    orm.em
      .getConnection()
      .execute(
        "select tablename from pg_tables where schemaname = 'public' and tablename <> 'mikro_orm_migrations'",
      );

  test('make what the entities describe, once, and take it back', async () => {
    expect((await migrate(url)).length).toBeGreaterThan(0);
    expect(await migrate(url)).toEqual([]);
    const difference = await orm.schema.getUpdateSchemaSQL({ wrap: false });
    expect(difference.trim()).toBe('');

    await orm.migrator.down({ to: 0 });
    expect(await tables()).toEqual([]);
  });
});

test('the migrations make the indexes that the entities describe', async () => {
  const indexes = (url: string) =>
    query(
      url,
      `select indexname as name, indexdef as definition from pg_indexes
       where schemaname = 'public' and tablename <> 'mikro_orm_migrations' order by 1`,
    );
  const url = await emptyDatabase();
  await query(url, 'create extension pg_trgm');
  await query(url, 'create extension btree_gin');
  // Functions are not described by entities; triggers of theirs call these.
  for (const name of ['queue_webhook_deliveries', 'stamp_audit_entry', 'refuse_audit_change']) {
    await query(
      url,
      `create function ${name}() returns trigger language plpgsql as 'begin return null; end'`,
    );
  }
  const orm = await openOrm(url);
  await orm.schema.create();
  await orm.close();
  expect(await indexes(await migratedDatabase())).toEqual(await indexes(url));
});

test('the migrations keep the customers that are there', async () => {
  const url = await emptyDatabase();
  const orm = await openOrm(url);
  try {
    await orm.migrator.up({ to: 'Migration20261124014932_initial' });
    const [team, customer, contact] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()];
    await query(url, "insert into team (id, name) values ($1, 'Team')", [team]);
    await query(url, "insert into customer (id, team_id, name, email) values ($1, $2, 'Acme', 'a@b.co')", [
      customer,
      team,
    ]);
    await query(
      url,
      "insert into contact (id, customer_id, position, first_name) values ($1, $2, 0, 'Ada')",
      [contact, customer],
    );
    await migrate(url);

    const customers = await openCustomerRepository(orm);
    expect(await customers.findByEmail(team, 'A@B.co')).toMatchObject({
      uuid: customer,
      customer: 'Acme',
      externalId: null,
      metadata: [],
      contacts: [{ uuid: contact, firstName: 'Ada' }],
      version: 1,
    });
  } finally {
    await orm.close();
  }
});

test('the migrations keep the secrets of clients, and the newest on the way back', async () => {
  const url = await emptyDatabase();
  const orm = await openOrm(url);
  const before = 'Migration20261125024614_customers_api';
  try {
    await orm.migrator.up({ to: before });
    const box = new SecretBox([randomBytes(32)]);
    const clientId = crypto.randomUUID();
    const sealed = box.seal('cgs_first', clientId);
    await query(
      url,
      "insert into api_client (id, name, secret_ciphertext, secret_key_id) values ($1, 'A', $2, $3)",
      [clientId, sealed.ciphertext, sealed.keyId],
    );
    await migrate(url);
    const secretsOf = async (client: string): Promise<string[]> =>
      (
        await orm.em.fork().find(ClientSecret, { client }, { orderBy: { expiresAt: 'desc nulls first' } })
      ).map((row) => box.open(row, client).toString());
    expect(await secretsOf(clientId)).toEqual(['cgs_first']);

    const rotated = await rotateSecret(orm, box, clientId, 60);
    const revoked = await issueClient(orm, box, 'Without secrets');
    await revokeClient(orm, revoked.clientId);
    await orm.migrator.down({ to: before });
    const [row] = await query<{ ciphertext: Buffer; keyId: string }>(
      url,
      'select secret_ciphertext as ciphertext, secret_key_id as "keyId" from api_client where id = $1',
      [clientId],
    );
    expect(row && box.open(row, clientId).toString()).toBe(rotated?.clientSecret);
    await migrate(url);
    expect(await secretsOf(clientId)).toEqual([rotated?.clientSecret]);
  } finally {
    await orm.close();
  }
});

test('the migrations keep the idempotency keys of the release before, on the way back too', async () => {
  const url = await emptyDatabase();
  const orm = await openOrm(url);
  const before = 'Migration20261125044014_client_secrets';
  try {
    await orm.migrator.up({ to: before });
    const caller = newActor(crypto.randomUUID());
    await query(url, "insert into team (id, name) values ($1, 'Team')", [caller.teamId]);
    await query(url, "insert into api_client (id, name) values ($1, 'Client')", [caller.clientId]);
    const input = { customer: 'Acme', email: 'a@example.com' };
    const draft = { ...input, uuid: crypto.randomUUID(), metadata: [], contacts: [] };
    await query(
      url,
      `insert into idempotency_key (client_id, team_id, key, request_hash, result, conflicts)
       values ($1, $2, 'old', $3, $4, '{}')`,
      [caller.clientId, caller.teamId, hashRequest('createCustomer', [input]), JSON.stringify([{ draft }])],
    );
    const replayOld = async () => createCustomer(await openCustomerRepository(orm), caller, input, 'old');
    await migrate(url);
    expect(await replayOld()).toMatchObject({ replayed: true, data: { uuid: draft.uuid } });
    const other = { customer: 'Other', email: 'b@example.com' };
    expect(await createCustomer(await openCustomerRepository(orm), caller, other, 'new')).toMatchObject({
      replayed: false,
    });

    await orm.migrator.down({ to: before });
    const keys = await query(url, 'select key, result from idempotency_key');
    expect(keys).toEqual([{ key: 'old', result: [{ draft }] }]);
    await migrate(url);
    expect(await replayOld()).toMatchObject({ replayed: true });
  } finally {
    await orm.close();
  }
});

test('a token with scopes is revoked on the way back to the release before, which ignores scopes', async () => {
  const url = await migratedDatabase();
  const orm = await openOrm(url);
  try {
    const { clientId } = await issueClient(orm, new SecretBox([randomBytes(32)]), 'Client');
    const grant = { clientId, teamId: await createTeam(orm, 'Team'), days: 1 };
    const limited = await issueToken(orm, { ...grant, scopes: ['customers:read'] });
    const unlimited = await issueToken(orm, grant);
    await orm.migrator.down({ to: 'Migration20261129095901_import_batches' });
    const revoked = await query(url, 'select id from access_token where revoked_at is not null');
    expect(revoked).toEqual([{ id: limited.tokenId }]);
    await migrate(url);
    const known = await orm.em.fork().find(AccessToken, {}, { orderBy: { createdAt: 'asc' } });
    expect(known.map(({ id, revokedAt }) => [id, revokedAt === null])).toEqual([
      [limited.tokenId, false],
      [unlimited.tokenId, true],
    ]);
  } finally {
    await orm.close();
  }
});

describe('the database itself refuses', () => {
  let url: string;
  const id = (digit: number) => `00000000-0000-7000-8000-00000000000${digit}`;
  const customer = (values: Record<string, string>) => {
    const row: Record<string, string> = {
      id: crypto.randomUUID(),
      team_id: id(1),
      name: 'A',
      name_key: 'a',
      email: `${crypto.randomUUID()}@x.co`,
      email_key: crypto.randomUUID(),
      search_text: '',
      ...values,
    };
    const columns = Object.keys(row);
    return query(
      url,
      `insert into customer (${columns.join(', ')}) values (${columns.map((_, index) => `$${index + 1}`).join(', ')})`,
      Object.values(row),
    );
  };
  const pairs = (count: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, '1'])));
  const secret = () =>
    query(
      url,
      "insert into client_secret (id, client_id, ciphertext, key_id) values (gen_random_uuid(), $1, '', '')",
      [id(3)],
    );
  const key = (kept: { seed?: string; outcomes?: string; conflicts?: string }) =>
    query(
      url,
      `insert into idempotency_key (client_id, team_id, key, request_hash, seed, outcomes, conflicts)
       values ($1, $2, 'key', sha256(''), $3, $4, $5)`,
      [id(3), id(1), kept.seed, kept.outcomes, kept.conflicts],
    );
  const contact = (position: number, isPrimary: boolean) =>
    query(url, 'insert into contact (id, customer_id, position, is_primary) values ($1, $2, $3, $4)', [
      crypto.randomUUID(),
      id(2),
      position,
      isPrimary,
    ]);
  beforeAll(async () => {
    url = await migratedDatabase();
    await query(url, "insert into team (id, name) values ($1, 'Team')", [id(1)]);
    await customer({ id: id(2), email_key: 'taken@example.com', external_id: 'taken' });
    await contact(0, true);
    await query(url, "insert into api_client (id, name) values ($1, 'Client')", [id(3)]);
    await secret();
  });

  test.each<[string, string, () => Promise<unknown>]>([
    [
      'an email whose key the team has',
      'customer_live_email_key_unique',
      () => customer({ email_key: 'taken@example.com' }),
    ],
    [
      'an external id that the team has',
      'customer_live_external_id_unique',
      () => customer({ external_id: 'taken' }),
    ],
    ['more metadata than the limit', 'customer_metadata_entries', () => customer({ metadata: pairs(51) })],
    ['metadata that is no object', 'customer_metadata_entries', () => customer({ metadata: '[]' })],
    ['a version below 1', 'customer_version_positive', () => customer({ version: '0' })],
    ['a second primary contact', 'contact_one_primary_unique', () => contact(1, true)],
    ['two contacts in one place', 'contact_customer_position_unique', () => contact(0, false)],
    ['more contacts than the limit', 'contact_position_range', () => contact(50, false)],
    ['an unknown status', 'customer_status_check', () => customer({ status: 'GONE' })],
    ['a second current secret of a client', 'client_secret_current_unique', secret],
    ['a key that keeps nothing', 'idempotency_key_kept_whole', () => key({})],
    ['a key that keeps half', 'idempotency_key_kept_whole', () => key({ seed: id(1), conflicts: '{}' })],
    [
      'a key with the outcomes of more rows than a call has',
      'idempotency_key_outcomes_letters',
      () => key({ seed: id(1), outcomes: 'c'.repeat(101) }),
    ],
    ['a blank name', 'customer_name_not_blank', () => customer({ name: ' ' })],
    ['a blank email', 'customer_email_not_blank', () => customer({ email: ' ' })],
    ['a team that does not exist', 'customer_team_id_foreign', () => customer({ team_id: id(9) })],
  ])('%s', async (_case, constraint, write) => {
    await expect(write()).rejects.toMatchObject({ constraint });
  });

  test('text that is too long', async () => {
    await expect(customer({ name: 'x'.repeat(256) })).rejects.toThrow('character varying(255)');
    await expect(customer({ main_phone: 'x'.repeat(51) })).rejects.toThrow('character varying(50)');
    await expect(customer({ external_id: 'x'.repeat(256) })).rejects.toThrow('character varying(255)');
    await expect(customer({ notes: 'x'.repeat(5_001) })).rejects.toThrow('character varying(5000)');
    await expect(customer({ tax_number: 'x'.repeat(51) })).rejects.toThrow('character varying(50)');
    await expect(customer({ payment_term: 'x'.repeat(101) })).rejects.toThrow('character varying(100)');
  });

  test('nothing of what deleted customers had', async () => {
    const theirs = { email_key: 'again@example.com', external_id: 'again' };
    await customer({ ...theirs, deleted_at: 'now' });
    await customer({ ...theirs, deleted_at: 'now' });
    await expect(customer(theirs)).resolves.toEqual([]);
  });
});
