import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkSecrets } from '../src/auth/check-secrets.js';
import { ClientCache } from '../src/auth/client-cache.js';
import { ClientSecret } from '../src/auth/client-secret.entity.js';
import { DocumentPolicy } from '../src/auth/document-policy.js';
import { listAuditEntries } from '../src/audit/list-audit-entries.js';
import { changeRecorder } from '../src/audit/record-change.js';
import { issueClient, issueToken } from '../src/auth/issue-credentials.js';
import { clientIsActive, listClients, listTokens } from '../src/auth/list-credentials.js';
import { reencryptSecrets } from '../src/auth/reencrypt-secrets.js';
import { revokeClient, revokeSecret, revokeToken } from '../src/auth/revoke-credentials.js';
import { rotateSecret } from '../src/auth/rotate-secret.js';
import { SecretBox } from '../src/auth/secret-box.js';
import { setDocumentPolicy } from '../src/auth/set-document-policy.js';
import { TokenCache } from '../src/auth/token-cache.js';
import { createCustomer } from '../src/customers/create/create-customer.js';
import { createCustomers } from '../src/customers/create/create-customers.js';
import { validateCustomer } from '../src/customers/create/validate-customer.js';
import { CustomerStatus } from '../src/customers/customer-status.js';
import { type CustomerRepository, openCustomerRepository } from '../src/customers/customer-repository.js';
import { deleteCustomer, restoreCustomer } from '../src/customers/delete/delete-customer.js';
import { eraseExpired } from '../src/customers/erase/erase-expired.js';
import { countErasable, eraseTeam, teamOfCustomer, teamReceipt } from '../src/customers/erase/erase-team.js';
import { withSnapshot } from '../src/customers/export/customer-snapshot.js';
import { CustomerEventType } from '../src/customers/events/event-type.js';
import { removeExpiredEvents } from '../src/customers/events/remove-expired-events.js';
import { importBatch } from '../src/customers/import/import-batch.js';
import { openImportStore } from '../src/customers/import/import-store.js';
import { upsertBatch } from '../src/customers/import/upsert-batch.js';
import { CustomerOrderField, OrderDirection } from '../src/customers/list/customer-order.js';
import { type CustomerFilter } from '../src/customers/list/select-customers.js';
import { applyUpdate } from '../src/customers/update/apply-update.js';
import { updateCustomer } from '../src/customers/update/update-customer.js';
import { upsertCustomer } from '../src/customers/upsert/upsert-customer.js';
import { CustomerKey } from '../src/customers/upsert/upsert-customer.result.js';
import { PublishedDocuments } from '../src/documents/published-documents.js';
import { publishDocuments } from '../src/documents/publish-documents.js';
import { removeDocuments } from '../src/documents/remove-documents.js';
import { removeExpiredKeys } from '../src/idempotency/remove-expired-keys.js';
import { openOrm } from '../src/orm/orm.js';
import { createTeam, listTeams, teamExists } from '../src/teams/teams.js';
import { watchStatements } from './support/gateway-statements.js';
import { newActor } from './support/actor.js';
import { anyOperator } from './support/any-operator.js';
import { migratedDatabase, query } from './support/database.js';
import { eventually } from './support/eventually.js';
import { sharedResources } from './support/resources.js';
import { anyResponse } from './support/response-bytes.js';
import { newEmail } from './support/signed-client.js';
import { runWebhooks } from './support/webhook-statements.js';

interface DocumentedStatement {
  readonly title: string;
  readonly text: string;
}

/** The statements of docs/statements.sql: each has comments before it, the title first, and ends with a semicolon. */
const documented: DocumentedStatement[] = (await readFile('docs/statements.sql', 'utf8'))
  .split(/;\n/)
  .map((part) => /(?:^|\n)-- (?!#)([^\n]+)\n(?:-- [^\n]+\n)+(?!--)(\S[^]*)$/.exec(part))
  .filter((match) => match !== null)
  .map(([, title = '', text = '']) => ({ title, text }));

let databaseUrl: string;
let orm: MikroORM;
let store: CustomerRepository;
let teamId: string;
let clientId: string;
const olderKey = randomBytes(32);
const box = new SecretBox([randomBytes(32), olderKey]);

const resources = sharedResources();
beforeAll(async () => {
  databaseUrl = await migratedDatabase();
  orm = resources.adopt(await openOrm(databaseUrl), (it) => it.close());
  store = await openCustomerRepository(orm);
});

describe('every statement of docs/statements.sql', () => {
  // PostgreSQL neither prepares nor plans a FETCH.
  const planned = documented.filter(({ text }) => !text.startsWith('fetch'));

  test.each(planned.map(({ title, text }) => [title, text]))(
    '%s is valid on the migrated database',
    async (_title, text) => {
      expect(await planOf(text)).not.toEqual([]);
    },
  );
});

describe('the statements that the gateway sends', () => {
  /** By their normal form. */
  const sent = new Map<string, string>();
  let end: () => void;
  beforeAll(async () => {
    end = watchStatements(({ text }) => sent.set(normalized(text), text));
    await runCredentials();
    await runCustomers();
    await runDocuments();
    await runAudit();
    await runWebhooks({ orm, databaseUrl, teamId, clientId, olderKey, box });
  });
  afterAll(() => {
    end();
  });

  test('are all in docs/statements.sql', () => {
    const known = new Set(documented.map(({ text }) => normalized(text)));
    const unknown = [...sent]
      .filter(([form, text]) => !known.has(form) && !/^(begin|commit|rollback)\b/.test(text))
      .map(([, text]) => text);
    expect(unknown).toEqual([]);
  });

  test('are all that docs/statements.sql has', () => {
    const unsent = documented.filter(({ text }) => !sent.has(normalized(text)));
    expect(unsent.map(({ title }) => title)).toEqual([]);
  });
});

async function runCredentials(): Promise<void> {
  teamId = await createTeam(orm, 'Team');
  await listTeams(orm, 100);
  await teamExists(orm, teamId);
  // The secret of the first client has an older key.
  const first = await issueClient(orm, new SecretBox([olderKey]), 'First');
  await listClients(orm, 100);
  await reencryptSecrets(orm, box, ClientSecret);
  ({ clientId } = await issueClient(orm, box, 'Partner'));
  await clientIsActive(orm, clientId);
  const { tokenId, token } = await issueToken(orm, { clientId, teamId, days: 1 });
  await listTokens(orm, { clientId, teamId }, 100);
  const secrets = new ClientCache(orm, box, () => {});
  await secrets.get(clientId);
  await secrets.close();
  await new TokenCache(orm).get(token);
  await checkSecrets(orm, box, ClientSecret);
  await rotateSecret(orm, box, first.clientId, 60);
  await revokeSecret(orm, first.clientId, first.clientId);
  await revokeToken(orm, { id: tokenId });
  await revokeToken(orm, { id: tokenId });
  await revokeToken(orm, { token });
  await revokeClient(orm, first.clientId);
  await revokeClient(orm, first.clientId);
}

async function runDocuments(): Promise<void> {
  await setDocumentPolicy(orm, clientId, DocumentPolicy.PUBLISHED);
  const document = { id: 'read', source: '{ __typename }', operationNames: [] };
  await publishDocuments(orm, clientId, { documents: [document], problems: [] });
  const owner = { clientId, documentsVersion: crypto.randomUUID() };
  expect(await new PublishedDocuments(orm).find(owner, 'read')).toBe(document.source);
  await removeDocuments(orm, clientId, ['read']);
}

async function runAudit(): Promise<void> {
  const recordChange = changeRecorder({ ...anyOperator, clientAddress: '203.0.113.5' }, 'team.create');
  await recordChange(orm.em.fork(), { teamId, clientId });
  await recordChange(await orm.em.getConnection().getNativeClient(), { teamId, clientId });
  const filter = { since: undefined, action: 'team', teamId, clientId, target: teamId };
  expect(await listAuditEntries(orm, filter, 100)).toHaveLength(2);
}

async function runCustomers(): Promise<void> {
  const caller = newActor(teamId, clientId);
  const one = { customer: 'Acme', email: newEmail(), externalId: 'one' };
  await createCustomer(store, caller, one);
  await createCustomer(store, caller, one);
  await createCustomers(store, caller, [{ ...one, email: newEmail() }], 'key');
  const call = { clientId, key: 'key', requestHash: randomBytes(32), seed: crypto.randomUUID() };
  await store.settleOutcomes(teamId, call, ['EMAIL_EXISTS']);
  await removeExpiredKeys(orm);
  await removeExpiredEvents(orm, 90);

  const customer = await store.findByEmail(teamId, one.email);
  if (!customer) throw new Error('The customer was not created');
  const { uuid } = customer;
  await store.findById(teamId, uuid);
  await store.findByExternalId(teamId, one.externalId);
  await runLists();
  await runTogether(() => createCustomer(store, caller, { ...one, email: newEmail() }));
  await runTogether(() => store.findByEmail(teamId, one.email));
  await runTogether(() => store.findById(teamId, uuid));
  await runTogether(() => store.findByExternalId(teamId, one.externalId));

  await updateCustomer(store, newActor(teamId), uuid, { notes: 'x' }, anyResponse());
  await updateWhileChanged(uuid);
  for (const by of [CustomerKey.EMAIL, CustomerKey.EXTERNAL_ID]) {
    await upsertCustomer(store, newActor(teamId), { ...one, notes: by }, by);
    await upsertWhileChanged(uuid, () => upsertCustomer(store, newActor(teamId), one, by));
  }
  await deleteCustomer(store, newActor(teamId), uuid);
  await restoreCustomer(store, newActor(teamId), uuid);

  const checked = validateCustomer(one);
  if ('errors' in checked) throw new Error('The customer is not valid');
  const identity = { importId: crypto.randomUUID(), startedAt: Date.now() };
  const imports = await openImportStore(orm);
  const batch = { teamId, identity, rows: [{ row: 0, draft: checked.draft, hasStatus: true }] };
  await importBatch(imports, batch);
  for (const by of [CustomerKey.EMAIL, CustomerKey.EXTERNAL_ID]) {
    await upsertBatch(imports, { ...batch, by, isRepeated: true });
  }
  await withSnapshot(orm, databaseUrl, teamId, async (snapshot) => {
    await snapshot.mostContacts();
    await snapshot.metadataKeys(10);
    for await (const page of snapshot.pages()) expect(page).not.toEqual([]);
  });
  await runErasures(uuid);
}

async function runErasures(uuid: string): Promise<void> {
  await store.erase(newActor(teamId), uuid);
  await store.erase(newActor(teamId), uuid);
  await eraseExpired(orm, store, 1);
  await store.eraseExpired({ teamId, command: 'retention' }, uuid, 1);
  await teamOfCustomer(orm, uuid);
  const otherTeam = await createTeam(orm, 'Team to erase');
  const options = { onErased: () => {}, signal: new AbortController().signal };
  await eraseTeam(orm, store, { teamId: otherTeam, command: 'erase' }, options);
  await countErasable(orm, otherTeam);
  await teamReceipt(orm, otherTeam);
}

/** Three calls at once: one has a statement of its own, and two share the next. */
async function runTogether(call: () => Promise<unknown>): Promise<void> {
  await Promise.all([call(), call(), call()]);
}

async function runLists(): Promise<void> {
  const date = new Date();
  const noFilter: CustomerFilter = {
    search: null,
    status: null,
    createdFrom: null,
    createdTo: null,
    updatedFrom: null,
    updatedTo: null,
    deleted: false,
  };
  const everyFilter: CustomerFilter = {
    search: '(212) 555-0100',
    status: CustomerStatus.ACTIVE,
    createdFrom: date,
    createdTo: date,
    updatedFrom: date,
    updatedTo: date,
    deleted: true,
  };
  const byName = { field: CustomerOrderField.CUSTOMER, direction: OrderDirection.ASC, limit: 10 };
  const byTime = { field: CustomerOrderField.CREATED_AT, direction: OrderDirection.DESC, limit: 10 };
  const position = { key: date.getTime(), uuid: crypto.randomUUID() };
  await store.list(teamId, noFilter, byName);
  await store.list(teamId, noFilter, { ...byName, offset: 10 });
  await store.list(teamId, noFilter, { ...byName, after: { key: 'acme', uuid: position.uuid } });
  await store.list(teamId, { ...noFilter, search: 'acme' }, { ...byName, offset: 10 });
  await store.list(teamId, everyFilter, { ...byTime, after: position, before: position });
  await store.listEvents(teamId, { after: undefined, types: undefined, limit: 10 }, 1_000);
  await store.listEvents(
    teamId,
    { after: position.uuid, types: [CustomerEventType.CREATED], limit: 10 },
    1_000,
  );
  await store.lastEvent(teamId);
  await store.findManyById(teamId, [position.uuid], 1_000);
  await store.findEvents(teamId, [position.uuid], 1_000);
  await store.findContacts(teamId, [position.uuid]);
  await store.eventsLag();
  await store.history(teamId, [{ uuid: position.uuid, before: 1 }], 10, 1_000);
  await store.count(teamId, noFilter);
  await store.count(teamId, everyFilter);
}

/** Updates a customer that is changed between the read and the write. */
async function updateWhileChanged(uuid: string): Promise<void> {
  let isFirst = true;
  await store.update(newActor(teamId), [uuid], async (_uuids, current) => {
    const customer = current.get(uuid);
    if (!customer) throw new Error('The customer is missing');
    if (isFirst) await updateCustomer(store, newActor(teamId), uuid, { notes: 'y' }, anyResponse());
    isFirst = false;
    const changed = applyUpdate(customer, { notes: 'z' });
    if ('errors' in changed) throw new Error('The change is not valid');
    return [changed];
  });
}

/** Upserts a customer that another transaction changes after the upsert has begun. */
async function upsertWhileChanged(uuid: string, upsert: () => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('begin');
    await client.query('update customer set version = version + 1 where id = $1', [uuid]);
    const upserting = upsert();
    await eventually('the upsert waits', async () => {
      const waiting = 'select from pg_locks where not granted and pid <> pg_backend_pid()';
      return (await query(databaseUrl, waiting)).length > 0;
    });
    await client.query('commit');
    await upserting;
  } finally {
    await client.end();
  }
}

/** The plan of a statement for any values. PostgreSQL 15 has no `explain (generic_plan)`. */
async function planOf(text: string): Promise<unknown[]> {
  const statement = numbered(text).replace(/^declare .* cursor for\s/, '');
  const parameters = new Set(statement.match(/\$\d+/g)).size;
  const values = parameters > 0 ? `(${Array.from({ length: parameters }, () => 'null').join()})` : '';
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(`set plan_cache_mode = force_generic_plan; prepare documented as ${statement}`);
    return (await client.query(`explain execute documented${values}`)).rows;
  } finally {
    await client.end();
  }
}

/** A statement with numbers for its parameters, as PostgreSQL takes them. */
function numbered(text: string): string {
  const names: string[] = [];
  return text.replaceAll(/:'(\w+)'/g, (_match, name: string) => {
    if (!names.includes(name)) names.push(name);
    return `$${names.indexOf(name) + 1}`;
  });
}

/** What two texts of one statement have in common: no comments, no space, one form of parameters and of values. */
function normalized(text: string): string {
  return numbered(text)
    .replaceAll(/--[^\n]*/g, '')
    .replaceAll(/\s/g, '')
    .replaceAll(/\$\d+|E?'(?:[^']|'')*'/g, '?');
}
