import { beforeAll, describe, expect, test } from 'vitest';
import { migratedDatabase, query } from '../support/database.js';
import { startDemoGateway } from '../support/demo-gateway.js';
import { eventually } from '../support/eventually.js';
import { type Call, createdBy, send, startLoad } from '../support/load.js';
import { openLocalGateway } from '../support/local-gateway.js';
import { temporaryFolder } from '../support/process.js';
import { sharedResources } from '../support/resources.js';
import { type PartnerCredentials, SignedClient } from '../support/signed-client.js';

const CALLERS = 16;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let databaseUrl: string;
const resources = sharedResources();
beforeAll(async () => {
  folder = resources.adopt(await temporaryFolder(), (it) => it.remove());
  databaseUrl = await migratedDatabase();
});

/** Customers, and the keys that were kept for them, that are not what one call sent as a whole. */
const halves = () =>
  query(
    databaseUrl,
    `select customer.id, kept.key from customer
     full join idempotency_key as kept
       on kept.key = customer.email and kept.created_at = customer.created_at
     where customer.id is null or kept.key is null
       or (select count(*) from contact where customer_id = customer.id) <> 2`,
  );

describe('a gateway killed under load', () => {
  let unanswered: Call[];
  let answered: Call[];
  let credentials: PartnerCredentials;
  beforeAll(async () => {
    const gateway = await startDemoGateway(folder.path, { DATABASE_URL: databaseUrl });
    credentials = gateway.client.credentials;
    const load = resources.adopt(startLoad(gateway.client, CALLERS), (it) => it.stop());
    await eventually('customers are created', () => load.answered(200).length > 100);
    const killed = gateway.stop('SIGKILL');
    const stopped = load.stop();
    await killed;
    await stopped;
    answered = load.answered(200);
    // The last ones never had a server to go to; those at the kill come first.
    unanswered = load.calls.filter(({ answer }) => !answer).slice(0, CALLERS);
  });

  test('has stored every customer that it acknowledged, with its contacts', async () => {
    const acknowledged = answered.map((call) => createdBy(call).uuid);
    const kept = await query<{ id: string }>(
      databaseUrl,
      `select id from customer where id = any($1::uuid[])
         and (select count(*) from contact where customer_id = customer.id) = 2`,
      [acknowledged],
    );
    expect(kept).toHaveLength(acknowledged.length);
  });

  test('has left no customer without its contacts or its key, and no key without its customer', async () => {
    // Statements that were under way when it was killed may still run to their end.
    await eventually('its statements have ended', async () => {
      const atWork = await query(
        databaseUrl,
        "select 1 from pg_stat_activity where datname = current_database() and application_name <> ''",
      );
      return atWork.length === 0;
    });
    expect(await halves()).toEqual([]);
  });

  test('leaves calls that a new one answers alike when they are sent again, once for each customer', async () => {
    const gateway = await openLocalGateway({ DATA_DIR: folder.path, DATABASE_URL: databaseUrl }).answers();
    const client = new SignedClient(gateway.url, credentials);
    try {
      expect(unanswered.length).toBeGreaterThan(0);
      const again = [...answered.slice(-CALLERS), ...unanswered];
      for (const call of again) {
        const { json } = await send(client, call);
        const { __typename, data } = json.data.createCustomer;
        expect(__typename).toBe('Created');
        expect(data).toEqual(call.answer ? createdBy(call) : data);
      }
      const kept = await query(databaseUrl, 'select 1 from customer where email = any($1)', [
        again.map(({ input }) => input.email),
      ]);
      expect(kept).toHaveLength(again.length);
      expect(await halves()).toEqual([]);
    } finally {
      await gateway.close();
    }
  });
});
