import { randomBytes } from 'node:crypto';
import { type MikroORM } from '@mikro-orm/postgresql';
import fc from 'fast-check';
import pg from 'pg';
import { beforeAll, expect, type MockInstance, test, vi } from 'vitest';
import { issueClient } from '../../src/auth/issue-credentials.js';
import { SecretBox } from '../../src/auth/secret-box.js';
import { createCustomer } from '../../src/customers/create/create-customer.js';
import { Created } from '../../src/customers/create/create-customer.result.js';
import { type CustomerRepository, openCustomerRepository } from '../../src/customers/customer-repository.js';
import { ValidationError } from '../../src/validation/validation-error.type.js';
import { openOrm } from '../../src/orm/orm.js';
import { createTeam } from '../../src/teams/teams.js';
import { newActor } from '../support/actor.js';
import { migratedDatabase, query } from '../support/database.js';
import { sharedResources } from '../support/resources.js';
import { newEmail } from '../support/signed-client.js';

const UNKNOWN_TEAM = crypto.randomUUID();
const RUNS = 40;

let databaseUrl: string;
let orm: MikroORM;
let customers: CustomerRepository;
let teams: string[];
let clients: string[];
let queries: MockInstance<typeof pg.Client.prototype.query>;

const resources = sharedResources();
beforeAll(async () => {
  databaseUrl = await migratedDatabase();
  orm = resources.adopt(
    await openOrm(databaseUrl, { max: 10, waitMs: 10_000, statementTimeoutMs: 10_000 }),
    (it) => it.close(),
  );
  customers = await openCustomerRepository(orm);
  teams = [await createTeam(orm, 'A'), await createTeam(orm, 'B'), UNKNOWN_TEAM];
  const box = new SecretBox([randomBytes(32)]);
  clients = await Promise.all(['A', 'B'].map(async (name) => (await issueClient(orm, box, name)).clientId));
  queries = resources.adopt(vi.spyOn(pg.Client.prototype, 'query'), (it) => {
    it.mockRestore();
  });
});

/** Names of the prepared statements that were sent. */
const statements = () =>
  (queries.mock.calls as unknown[][]).flatMap(([statement]) =>
    statement instanceof Object && 'name' in statement ? [String(statement.name)] : [],
  );

/** A call of `createCustomer`: indexes of its team and client, and values that others may have too. */
interface Call {
  readonly team: number;
  readonly client: number;
  readonly email: string;
  readonly externalId: string | null;
  readonly key: string | null;
}

const calls = fc.array(
  fc.record<Call>({
    // A row of a team that does not exist fails.
    team: fc.oneof(
      { weight: 12, arbitrary: fc.constant(0) },
      { weight: 7, arbitrary: fc.constant(1) },
      { weight: 1, arbitrary: fc.constant(2) },
    ),
    client: fc.constantFrom(0, 1),
    email: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    externalId: fc.constantFrom(null, null, 'x', 'y'),
    key: fc.constantFrom(null, null, 'k', 'l'),
  }),
  { minLength: 2, maxLength: 12 },
);

/** What the caller was told: the ID of the customer, the code of the conflict, or that the call failed. */
type Outcome =
  | { readonly created: string; readonly replayed: boolean }
  | { readonly conflict: string }
  | { readonly failed: true };

async function create({ team, client, email, externalId, key }: Call, run: string): Promise<Outcome> {
  const caller = newActor(teams[team] ?? '', clients[client]);
  const input = {
    customer: 'A',
    email: `${email}@${run}.example`,
    externalId: externalId && `${externalId}-${run}`,
  };
  try {
    const result = await createCustomer(customers, caller, input, key && `${key}-${run}`);
    if (result instanceof ValidationError) throw new Error('The input is valid');
    return result instanceof Created
      ? { created: result.data.uuid, replayed: result.replayed }
      : { conflict: result.code };
  } catch {
    return { failed: true };
  }
}

/** The customers and keys of one order of calls: by what is unique, the call that has it and the ID of its customer. */
type State = ReadonlyMap<string, { readonly call: string; readonly uuid: string }>;

/** The state after a call had this outcome; undefined if it could not have had it. */
function after(state: State, call: Call, outcome: Outcome): State | undefined {
  const key = call.key && `key ${call.client} ${call.team} ${call.key}`;
  const email = `email ${call.team} ${call.email}`;
  const externalId = call.externalId && `external ID ${call.team} ${call.externalId}`;
  const known = key ? state.get(key) : undefined;
  if ('failed' in outcome) return teams[call.team] === UNKNOWN_TEAM ? state : undefined;
  if (known) {
    if (known.call !== JSON.stringify(call))
      return isConflict(outcome, 'IDEMPOTENCY_KEY_REUSED') ? state : undefined;
    return 'created' in outcome && outcome.replayed && outcome.created === known.uuid ? state : undefined;
  }
  if (state.has(email)) return isConflict(outcome, 'EMAIL_EXISTS') ? state : undefined;
  if (externalId && state.has(externalId))
    return isConflict(outcome, 'EXTERNAL_ID_EXISTS') ? state : undefined;
  if (!('created' in outcome) || outcome.replayed) return undefined;
  const entry = { call: JSON.stringify(call), uuid: outcome.created };
  const taken = [email, externalId, key].filter((value) => value !== null);
  return new Map([...state, ...taken.map((value) => [value, entry] as const)]);
}

const isConflict = (outcome: Outcome, code: string) => 'conflict' in outcome && outcome.conflict === code;

/** Whether the calls, one after another in some order, have these outcomes. */
function hasOrder(results: readonly (readonly [Call, Outcome])[], state: State = new Map()): boolean {
  if (results.length === 0) return true;
  return results.some(([call, outcome], index) => {
    const next = after(state, call, outcome);
    return next !== undefined && hasOrder(results.toSpliced(index, 1), next);
  });
}

test('any creates at once have the outcomes of the same creates one after another', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(calls, async (sent) => {
      run += 1;
      const name = `run${run}`;
      const outcomes = await Promise.all(sent.map((call) => create(call, name)));
      const results = sent.map((call, index) => [call, outcomes[index] ?? { failed: true }] as const);
      expect(hasOrder(results)).toBe(true);
      const stored = await query<{ id: string }>(databaseUrl, 'select id from customer where email like $1', [
        `%@${name}.example`,
      ]);
      const created = outcomes.flatMap((it) => ('created' in it ? [it.created] : []));
      expect(stored.map(({ id }) => id).toSorted()).toEqual([...new Set(created)].toSorted());
    }),
    { numRuns: RUNS },
  );
  expect(statements()).toContain('insert-customers-together');
});

/** Creates with these emails at once. All but the first one share a statement. */
const createAll = (emails: readonly string[]) =>
  emails.map((email) => createCustomer(customers, caller(), { customer: 'A', email }));
const caller = () => newActor(teams[0] ?? '', clients[0]);
const someEmails = (count: number) => Array.from({ length: count }, newEmail);
const isCreated = (result: unknown) => result instanceof Created;

test('creates that wait for an email of an open transaction hold up none that share their statement', async () => {
  const [own, taken, ...others] = someEmails(20);
  if (own === undefined || taken === undefined) throw new Error('There are twenty');
  await Promise.all(createAll([own]));
  const holder = resources.adopt(new pg.Client({ connectionString: databaseUrl }), (it) => it.end());
  await holder.connect();
  await holder.query('begin');
  await holder.query('update customer set email_key = $1 where email = $2', [taken, own]);
  let closed = 0;
  (await orm.em.getConnection().getNativeClient()).on('remove', () => (closed += 1));
  queries.mockClear();
  const results = createAll([...others, taken, taken]);
  // The transaction is still open.
  expect((await Promise.all(results.slice(0, -2))).map(isCreated)).toEqual(others.map(() => true));
  expect(closed).toBe(0);
  await holder.query('rollback');
  expect((await Promise.all(results.slice(-2))).filter(isCreated)).toHaveLength(1);
  expect(statements()).toContain('insert-customers-together');
});

test('a repeat that shares a statement has the first result, even if its customer was deleted since', async () => {
  const input = { customer: 'A', email: newEmail() };
  const key = crypto.randomUUID();
  const first = await createCustomer(customers, caller(), input, key);
  if (!(first instanceof Created)) throw new Error('The customer was not created');
  await customers.softDelete(caller(), first.data.uuid);
  const others = createAll(someEmails(2));
  const repeat = await createCustomer(customers, caller(), input, key);
  expect(repeat).toMatchObject({ replayed: true, data: { uuid: first.data.uuid } });
  await Promise.all(others);
});

test('reads at once share a statement, and each has the customer that it asks for, of its own team', async () => {
  const emails = someEmails(10);
  const created = await Promise.all(createAll(emails));
  const uuids = created.map((result) => (result instanceof Created ? result.data.uuid : ''));
  const [own, other] = teams;
  if (own === undefined || other === undefined) throw new Error('There are two teams');
  queries.mockClear();
  const [found, missing, foreign, byEmail] = await Promise.all([
    Promise.all(uuids.map((uuid) => customers.findById(own, uuid))),
    customers.findById(own, crypto.randomUUID()),
    Promise.all(uuids.map((uuid) => customers.findById(other, uuid))),
    Promise.all(emails.map((email) => customers.findByEmail(own, email.toUpperCase()))),
  ]);
  expect(found.map((customer) => customer?.email)).toEqual(emails);
  expect(missing).toBeNull();
  expect(foreign).toEqual(uuids.map(() => null));
  expect(byEmail.map((customer) => customer?.uuid)).toEqual(uuids);
  // One of each kind alone, and the others together.
  expect(statements().toSorted()).toEqual([
    'find-customer-by-email',
    'find-customer-by-uuid',
    'find-customers-by-email',
    'find-customers-by-uuid',
  ]);
});

test('reads of large customers share no statement with many others', async () => {
  const metadata = Array.from({ length: 50 }, (_, index) => ({
    key: String(index),
    value: '🦊'.repeat(500),
  }));
  const large = await createCustomer(customers, caller(), { customer: 'A', email: newEmail(), metadata });
  const [small] = await Promise.all(createAll(someEmails(1)));
  if (!(large instanceof Created && small instanceof Created)) throw new Error('They were not created');
  const uuids = Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? large : small).data.uuid);
  queries.mockClear();
  const found = await Promise.all([
    ...uuids.map((uuid) => customers.findById(caller().teamId, uuid)),
    customers.findById(caller().teamId, crypto.randomUUID()),
  ]);
  expect(found.map((customer) => customer?.uuid)).toEqual([...uuids, undefined]);
  // A large customer has 100,000 bytes, so two share the statement, and the calls from the third on are executed alone.
  const names = statements();
  expect(names.filter((name) => name === 'find-customers-by-uuid')).toHaveLength(1);
  expect(names.filter((name) => name === 'find-customer-by-uuid')).toHaveLength(1 + 7);
});
