import { PassThrough } from 'node:stream';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runCommand } from '../../src/cli/run-command.js';
import { migratedDatabase, query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { operator, type Operator } from '../support/operator.js';
import { UNKNOWN_UUID } from '../support/operations.js';
import { lockTable } from '../support/table-lock.js';

let databaseUrl: string;
let admin: Operator;
beforeAll(async () => {
  databaseUrl = await migratedDatabase();
  admin = operator({ DATABASE_URL: databaseUrl });
});

let teamId: string;
let otherTeam: string;
beforeEach(async () => {
  ({ teamId } = await admin.ask('team', 'create', 'To erase'));
  ({ teamId: otherTeam } = await admin.ask('team', 'create', 'To keep'));
});

/** Stores customers of a team with two events and a contact each. Every third is deleted. @returns their IDs. */
async function storeCustomers(team: string, count: number): Promise<string[]> {
  const rows = await query<{ id: string }>(
    databaseUrl,
    `with stored as (
       insert into customer (id, team_id, name, email, email_key, name_key, search_text, version, deleted_at)
       select gen_random_uuid(), $1, 'Ada', n || '@x.example', n || '@x.example', 'ada', 'ada', 2, case when n % 3 = 0 then now() end
       from generate_series(1, $2::int) as n
       returning *
     ), person as (
       insert into contact (id, customer_id, position, first_name) select gen_random_uuid(), id, 0, 'Ada' from stored
     ), happened as (
       insert into customer_event (team_id, customer_id, type, version, transaction, customer, command)
       select team_id, stored.id, 'CREATED', version.number, 1, '{"customer":"Ada"}', 'import'
       from stored, generate_series(1, 2) as version (number)
     )
     select id from stored`,
    [team, count],
  );
  return rows.map(({ id }) => id);
}

const rowsOf = (team: string) =>
  query(
    databaseUrl,
    `select to_jsonb(customer) as customer, (select json_agg(contact) from contact where customer_id = customer.id) as contacts,
       (select json_agg(customer_event order by version) from customer_event where customer_id = customer.id) as events
     from customer where team_id = $1 order by id`,
    [team],
  );

/** The tables of a team's rows that have the name Ada, of customers, contacts or events. */
async function adasIn(team: string): Promise<number> {
  const rows = await rowsOf(team);
  return rows.filter((row) => JSON.stringify(row).includes('Ada')).length;
}

/** What the audit log has of erasures of a team. */
const entriesOf = (team: string) => admin.ask('audit', '--action', 'erase', '--team', team);

describe('`erase --customer`', () => {
  test('prints a receipt, and the same one when it is repeated', async () => {
    const [uuid = ''] = await storeCustomers(teamId, 1);
    const receipt = await admin.ask('erase', '--customer', uuid.toUpperCase(), '--yes', '--as', 'Ada');
    expect(receipt).toEqual({
      customerId: uuid,
      teamId,
      eventId: expect.any(String),
      erasedAt: expect.any(String),
      contacts: 1,
      events: 2,
      idempotencyKeys: 0,
      actor: { clientId: null, tokenId: null, requestId: null, command: 'erase' },
    });
    expect(await admin.ask('erase', '--customer', uuid, '--yes')).toEqual(receipt);
    expect(await adasIn(teamId)).toBe(0);
    expect(await entriesOf(teamId)).toMatchObject([
      { operator: 'Ada', teamId, details: { customerId: uuid } },
    ]);
    const { stdout } = await admin.run('erase', '--customer', uuid, '--yes');
    expect(stdout).toContain(`Erased at ${receipt.erasedAt}. Contacts: 1. Events: 2. Idempotency keys: 0.`);
  });

  test('fails for a customer that does not exist', async () => {
    const { code, stderr } = await admin.run('erase', '--customer', UNKNOWN_UUID, '--yes');
    expect({ code, stderr }).toEqual({ code: 1, stderr: `Customer ${UNKNOWN_UUID} does not exist.\n` });
  });
});

describe('`erase --team`', () => {
  test('erases all customers of the team, also deleted ones, and prints the sums of their receipts', async () => {
    await storeCustomers(teamId, 250);
    await storeCustomers(otherTeam, 3);
    const others = await rowsOf(otherTeam);
    const command = ['erase', '--team', teamId, '--yes'];
    const total = {
      customers: 250,
      contacts: 250,
      events: 500,
      idempotencyKeys: 0,
      firstErasedAt: expect.any(String),
      lastErasedAt: expect.any(String),
    };
    expect(await admin.ask(...command)).toEqual({ teamId, erasedNow: 250, remaining: 0, total });
    expect(await adasIn(teamId)).toBe(0);
    expect(await rowsOf(otherTeam)).toEqual(others);
    expect(await admin.ask(...command)).toEqual({ teamId, erasedNow: 0, remaining: 0, total });
    expect(await entriesOf(teamId)).toMatchObject([{ teamId, details: { customers: 250 } }]);
  });

  test('continues after a kill', async () => {
    await storeCustomers(teamId, 300);
    const isErased = 'select from customer_erasure where team_id = $1';
    const { child, finished } = admin.start('erase', '--team', teamId, '--yes');
    await eventually(
      'some are erased',
      async () => (await query(databaseUrl, isErased, [teamId])).length > 0,
    );
    child.kill('SIGKILL');
    await finished;
    const erased = (await query(databaseUrl, isErased, [teamId])).length;
    expect(erased).toBeLessThan(300);
    expect(await adasIn(teamId)).toBe(300 - erased);
    const answer = await admin.ask('erase', '--team', teamId, '--yes');
    expect(answer).toMatchObject({ erasedNow: 300 - erased, total: { customers: 300, events: 600 } });
  });

  test('ends after the current customer when it is stopped, and fails with the number of those that are left', async () => {
    await storeCustomers(teamId, 5);
    const lock = await lockTable(databaseUrl);
    const stopping = new AbortController();
    const finished = admin.runUntil(stopping.signal, 'erase', '--team', teamId, '--yes');
    await lock.waitedForBy(1);
    stopping.abort();
    await lock.release();
    const { code, stderr } = await finished;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^[45] customers of the team are not erased\. Run the command again\.$/m);
  });

  test('fails for a team that does not exist', async () => {
    const { code, stderr } = await admin.run('erase', '--team', UNKNOWN_UUID, '--yes');
    expect({ code, stderr }).toEqual({ code: 1, stderr: `Team ${UNKNOWN_UUID} does not exist.\n` });
  });
});

describe('`erase`', () => {
  test.each([
    ['neither a customer nor a team', ['--yes'], 'Specify either --customer or --team.\n'],
    [
      'both a customer and a team',
      ['--customer', UNKNOWN_UUID, '--team', UNKNOWN_UUID, '--yes'],
      'Specify either --customer or --team.\n',
    ],
    [
      'no --yes without a terminal',
      ['--customer', UNKNOWN_UUID],
      'Without a terminal, the command requires --yes.\n',
    ],
  ])('is a usage error with %s', async (_case, options, stderr) => {
    expect(await admin.run('erase', ...options)).toMatchObject({ code: 2, stderr });
  });

  test.each([
    ['erases after the user has chosen to', '\u001b[B\r', 0, 0],
    ['erases nothing if the user presses Enter', '\r', 2, 1],
    ['erases nothing after Ctrl+C', '\u0003', 2, 1],
  ])('on a terminal %s', async (_case, keys, code, left) => {
    const [uuid = ''] = await storeCustomers(teamId, 1);
    const terminal = () =>
      Object.assign(new PassThrough(), { isTTY: true, columns: 200, setRawMode: () => {} });
    const [stdin, stdout, stderr] = [terminal(), terminal(), terminal()];
    let shown = '';
    stdout.on('data', (chunk) => (shown += String(chunk)));
    stderr.resume();
    const finished = runCommand(['erase', '--customer', uuid], {
      env: { DATABASE_URL: databaseUrl },
      stdin,
      stdout,
      stderr,
      withAbortOnSignal: (work) => work(new AbortController().signal),
    });
    await eventually('the question is shown', async () => shown.includes('Cancel'));
    expect(shown).toContain(`Erase customer ${uuid} of team ${teamId}? This cannot be undone.`);
    stdin.write(keys);
    expect(await finished).toBe(code);
    expect(await adasIn(teamId)).toBe(left);
  });
});
