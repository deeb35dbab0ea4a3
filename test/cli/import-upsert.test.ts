import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createCustomer, fullCustomer } from '../support/customers.js';
import { query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { CUSTOMER, DELETE_CUSTOMER, readCustomer } from '../support/operations.js';
import { operator, type Operator } from '../support/operator.js';
import { type Partner } from '../support/partner.js';
import { temporaryFolder } from '../support/process.js';

let gateway: TestGateway;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let admin: Operator;
beforeAll(async () => {
  gateway = await startTestGateway({}, 32);
  folder = await temporaryFolder();
  admin = operator({ DATABASE_URL: gateway.databaseUrl });
});
afterAll(async () => {
  await gateway.close();
  await folder.remove();
});

let partner: Partner;
let source: string;
beforeEach(async () => {
  partner = gateway.nextPartner();
  const place = join(folder.path, partner.teamId);
  await mkdir(place);
  source = join(place, 'customers.csv');
});

/** Imports these lines with `--upsert`. @returns the exit code and the summary. */
async function upsert(lines: readonly string[], by = 'email') {
  await writeFile(source, lines.join('\n'));
  const { code, stdout } = await admin.run(
    'import',
    source,
    '--team',
    partner.teamId,
    '--upsert',
    by,
    '--json',
  );
  return { code, ...JSON.parse(stdout) };
}

async function found(email: string) {
  const text = `query ($email: String!) { customerByEmail(email: $email) ${CUSTOMER} }`;
  return (await partner.send(text, { email })).json.data.customerByEmail;
}

const rejectedRows = () => readFile(source.replace('.csv', '.rejected.csv'), 'utf8');

describe('`import --upsert`', () => {
  test('creates, updates and leaves customers, and writes an event for each change', async () => {
    const changed = await createCustomer(partner, { customer: 'Old', email: 'Changed@x.example' });
    const equal = await createCustomer(partner, { customer: 'Equal', email: 'equal@x.example' });
    const file = ['customer,email', 'New,new@x.example', 'Later,changed@X.example', 'Equal,equal@x.example'];
    expect(await upsert(file)).toMatchObject({ code: 0, created: 1, updated: 1, unchanged: 1, rejected: 0 });
    expect(await readCustomer(partner, equal.uuid)).toEqual(equal);
    expect(await readCustomer(partner, changed.uuid)).toEqual({
      ...changed,
      customer: 'Later',
      email: 'changed@X.example',
      version: 2,
      updatedAt: expect.any(String),
    });
    const text =
      '{ customerEvents(first: 10) { nodes { type version customer { email } actor { command } } } }';
    const readEvents = async () => (await partner.send(text)).json.data.customerEvents.nodes;
    // They are in the feed once the transactions that began before have ended.
    await eventually('the events are in the feed', async () => (await readEvents()).length === 4);
    const events = (await readEvents())
      .slice(2)
      .map(({ type, version, customer, actor }: Record<string, { email: string }>) => [
        type,
        version,
        customer?.email,
        actor,
      ]);
    expect(events).toEqual([
      ['CREATED', 1, 'new@x.example', { command: 'import' }],
      ['UPDATED', 2, 'changed@X.example', { command: 'import' }],
    ]);

    expect(await upsert(file)).toMatchObject({ code: 0, created: 0, updated: 0, unchanged: 3 });
  });

  test('prints the counts for people', async () => {
    await writeFile(source, 'customer,email\nA,a@x.example\n');
    const { stdout } = await admin.run('import', source, '--team', partner.teamId, '--upsert', 'email');
    expect(stdout).toBe('created    1\nupdated    0\nunchanged  0\nrejected   0\n');
  });

  test('by external ID changes the email', async () => {
    const before = await createCustomer(partner, { email: 'old@x.example', externalId: 'A-1' });
    expect(await upsert(['customer,email,externalId', 'Acme,new@x.example,A-1'], 'externalId')).toMatchObject(
      {
        updated: 1,
      },
    );
    expect(await readCustomer(partner, before.uuid)).toMatchObject({ email: 'new@x.example', version: 2 });
    expect(await found('old@x.example')).toBeNull();
  });

  test('leaves fields without a value in the file unchanged', async () => {
    const input = fullCustomer();
    const before = await createCustomer(partner, input);
    const header =
      'customer,email,mainPhone,status,billingAddress.city,billingAddress.street,contacts.0.firstName,metadata.b,metadata.c';
    expect(await upsert([header, `${input.customer},${input.email},,,Dallas,,,,3`])).toMatchObject({
      updated: 1,
    });
    expect(await readCustomer(partner, before.uuid)).toEqual({
      ...before,
      billingAddress: { ...before.billingAddress, city: 'Dallas' },
      metadata: [...before.metadata, { key: 'c', value: '3' }],
      version: 2,
      updatedAt: expect.any(String),
    });
  });

  test('sets a status that the file has, and replaces all contacts', async () => {
    const input = fullCustomer();
    const before = await createCustomer(partner, input);
    const header = 'customer,email,status,contacts.0.firstName,contacts.1.firstName';
    const row = `${input.customer},${input.email},active,Cid,Dee`;
    expect(await upsert([header, row])).toMatchObject({ updated: 1 });
    const after = await readCustomer(partner, before.uuid);
    expect(after).toMatchObject({ status: 'ACTIVE', contacts: [{ firstName: 'Cid' }, { firstName: 'Dee' }] });

    expect(await upsert([header, row.replace('active', 'inactive')])).toMatchObject({ updated: 1 });
    // Equal contacts keep their IDs.
    expect(await readCustomer(partner, before.uuid)).toMatchObject({
      status: 'INACTIVE',
      contacts: after.contacts,
    });
  });

  test('takes the later of two rows with the same email', async () => {
    const file = [
      'customer,email,notes',
      'First,a@x.example,kept',
      'Other,b@x.example,',
      'Second,A@x.example,',
    ];
    expect(await upsert(file)).toMatchObject({ code: 0, created: 2, updated: 1 });
    expect(await found('a@x.example')).toMatchObject({ customer: 'Second', notes: 'kept', version: 2 });
  });

  test('rejects a row that another customer conflicts with, and stores the others', async () => {
    await createCustomer(partner, { email: 'owner@x.example', externalId: 'taken' });
    await createCustomer(partner, { email: 'a@x.example', externalId: 'A' });
    const file = [
      'customer,email,externalId',
      'A,a@x.example,taken',
      'B,b@x.example,taken',
      'C,c@x.example,C',
    ];
    expect(await upsert(file)).toMatchObject({
      code: 1,
      created: 1,
      updated: 0,
      rejected: 2,
      reasons: [{ path: 'externalId', code: 'EXTERNAL_ID_EXISTS', rows: 2 }],
    });
    const problem = 'externalId: A customer with this external ID already exists. (EXTERNAL_ID_EXISTS)';
    expect(await rejectedRows()).toBe(
      `customer,email,externalId,line,problems\nA,a@x.example,taken,2,${problem}\nB,b@x.example,taken,3,${problem}\n`,
    );

    expect(await upsert(['customer,email,externalId', 'A,owner@x.example,A'], 'externalId')).toMatchObject({
      code: 1,
      reasons: [{ path: 'email', code: 'EMAIL_EXISTS', rows: 1 }],
    });
  });

  test('applies the rows in order: an external ID that a row frees is free for a later one', async () => {
    await createCustomer(partner, { email: 'a@x.example', externalId: '1' });
    const file = ['customer,email,externalId', 'A,a@x.example,2', 'B,b@x.example,1', 'C,c@x.example,2'];
    expect(await upsert(file)).toMatchObject({ created: 1, updated: 1, rejected: 1 });
    expect(await found('b@x.example')).toMatchObject({ externalId: '1' });
    expect(await found('c@x.example')).toBeNull();
  });

  test('rejects a row with which a customer would have too much metadata', async () => {
    const metadata = Array.from({ length: 50 }, (_, index) => ({ key: `k${index}`, value: '1' }));
    await createCustomer(partner, { customer: 'A', email: 'a@x.example', metadata });
    expect(await upsert(['customer,email,metadata.k50', 'A,a@x.example,1'])).toMatchObject({
      code: 1,
      reasons: [{ path: 'metadata', code: 'TOO_MANY', rows: 1 }],
    });
    expect(await upsert(['customer,email,metadata.k1', 'A,a@x.example,2'])).toMatchObject({ updated: 1 });
  });

  test('does not update a deleted customer or one of another team', async () => {
    const deleted = await createCustomer(partner, { email: 'a@x.example' });
    await partner.send(DELETE_CUSTOMER, { uuid: deleted.uuid });
    const other = gateway.nextPartner();
    const theirs = await createCustomer(other, { email: 'b@x.example' });
    expect(await upsert(['customer,email', 'A,a@x.example', 'B,b@x.example'])).toMatchObject({ created: 2 });
    expect((await found('a@x.example')).uuid).not.toBe(deleted.uuid);
    expect(await readCustomer(other, theirs.uuid)).toEqual(theirs);
  });

  test('by external ID needs it in the file and in every row', async () => {
    await writeFile(source, 'customer,email\nA,a@x.example\n');
    const command = ['import', source, '--team', partner.teamId, '--upsert', 'externalId'];
    expect(await admin.run(...command)).toEqual({
      code: 2,
      stdout: '',
      stderr: 'Missing column `externalId`, which --upsert externalId needs.\n',
    });
    expect(
      await upsert(['customer,email,externalId', 'A,none, ', 'B,b@x.example,B'], 'externalId'),
    ).toMatchObject({
      code: 1,
      created: 1,
      reasons: [
        { path: 'email', code: 'INVALID_EMAIL', rows: 1 },
        { path: 'externalId', code: 'REQUIRED', rows: 1 },
      ],
    });
  });
});

describe('`import --upsert` while another request', () => {
  /** Runs a statement in a transaction and commits it once the import waits for it. */
  async function upsertDuring(statement: string, values: readonly string[], row: string, by = 'email') {
    const client = new pg.Client({ connectionString: gateway.databaseUrl });
    await client.connect();
    await client.query('begin');
    await client.query(statement, [partner.teamId, ...values]);
    const summary = upsert(['customer,email,mainPhone,externalId', row], by);
    await eventually('the import waits', async () => {
      const waiting = await query(
        gateway.databaseUrl,
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return waiting.length > 0;
    });
    await client.query('commit');
    await client.end();
    return summary;
  }
  const create = `insert into customer (id, team_id, name, email, email_key, name_key, search_text, external_id, notes)
    values (gen_random_uuid(), $1, 'Theirs', $2, $2, '', '', $3, 'theirs')`;

  test('updates the same customer keeps both updates', async () => {
    const { uuid } = await createCustomer(partner, { customer: 'Acme', email: 'a@x.example' });
    const update = `update customer set notes = 'theirs', version = version + 1 where team_id = $1`;
    expect(await upsertDuring(update, [], 'Acme,a@x.example,1,')).toMatchObject({ code: 0, updated: 1 });
    expect(await readCustomer(partner, uuid)).toMatchObject({ notes: 'theirs', mainPhone: '1', version: 3 });
  });

  test('makes the same update counts the customer as unchanged', async () => {
    await createCustomer(partner, { customer: 'Acme', email: 'a@x.example' });
    const update = `update customer set main_phone = '1', version = version + 1 where team_id = $1`;
    expect(await upsertDuring(update, [], 'Acme,a@x.example,1,')).toMatchObject({ updated: 0, unchanged: 1 });
    expect(await found('a@x.example')).toMatchObject({ version: 2 });
  });

  test('deletes the customer creates another one', async () => {
    const { uuid } = await createCustomer(partner, { customer: 'Acme', email: 'a@x.example' });
    const remove = 'update customer set deleted_at = now(), version = version + 1 where team_id = $1';
    expect(await upsertDuring(remove, [], 'Acme,a@x.example,1,')).toMatchObject({ created: 1, updated: 0 });
    expect((await found('a@x.example')).uuid).not.toBe(uuid);
  });

  test('changes the email of the customer creates another one', async () => {
    const { uuid } = await createCustomer(partner, { customer: 'Acme', email: 'a@x.example' });
    const update = `update customer set email = 'b@x.example', email_key = 'b@x.example', version = version + 1 where team_id = $1`;
    expect(await upsertDuring(update, [], 'Acme,a@x.example,1,')).toMatchObject({ created: 1, updated: 0 });
    expect(await readCustomer(partner, uuid)).toMatchObject({ email: 'b@x.example', mainPhone: null });
  });

  test.each(['email', 'externalId'])(
    'creates the same customer, by %s, updates that customer',
    async (by) => {
      expect(await upsertDuring(create, ['a@x.example', 'A'], 'Acme,a@x.example,1,A', by)).toMatchObject({
        code: 0,
        created: 0,
        updated: 1,
      });
      expect(await found('a@x.example')).toMatchObject({ customer: 'Acme', notes: 'theirs', mainPhone: '1' });
    },
  );

  test('takes the external ID of a row rejects the row', async () => {
    const summary = await upsertDuring(create, ['other@x.example', 'A'], 'Acme,a@x.example,1,A');
    expect(summary).toMatchObject({ code: 1, reasons: [{ path: 'externalId', code: 'EXTERNAL_ID_EXISTS' }] });
    expect(await found('a@x.example')).toBeNull();
  });
});
