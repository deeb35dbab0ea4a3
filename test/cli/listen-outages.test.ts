import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createCustomer } from '../support/customers.js';
import { migratedDatabase, query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { firstEventInFeed } from '../support/feed.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import {
  type ListenCommands,
  POLL_MS,
  prepareListenCommands,
  SIGNING_SECRET,
} from '../support/listen-command.js';
import { DELETE_CUSTOMER, UPDATE_CUSTOMER } from '../support/operations.js';
import { sharedResources } from '../support/resources.js';
import { SignedClient } from '../support/signed-client.js';
import { startVerifyingReceiver } from '../support/verifying-receiver.js';

const READ = '{ customerByEmail(email: "nobody@example.com") { uuid } }';

let gateway: TestGateway;
let listen: ListenCommands;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 3), (it) => it.close());
  listen = resources.adopt(await prepareListenCommands(), (it) => it.close());
});
afterEach(() => {
  listen.receiver.respond(() => 204);
});

describe('`listen` continues', () => {
  test('after deliveries that fail, and does not repeat them', async () => {
    const partner = gateway.nextPartner();
    const closed = await startVerifyingReceiver(SIGNING_SECRET);
    await closed.close();
    const down = await listen.startReady(partner, ['--forward-to', closed.url]);
    const command = await listen.startReady(partner);
    const statuses = [500, 302];
    listen.receiver.respond(() => statuses.shift() ?? 204);
    const { uuid } = await createCustomer(partner);
    await partner.send(UPDATE_CUSTOMER, { uuid, input: { notes: 'New' } });
    await partner.send(DELETE_CUSTOMER, { uuid });
    await listen.webhooksOf(uuid, 3);
    await eventually('all are printed', () => command.written().stdout.includes('deleted'));
    expect(command.written().stdout.match(/→ \d+/g)).toEqual(['→ 500', '→ 302', '→ 204']);
    await eventually('they have failed', () => down.written().stdout.includes('deleted'));
    const failures = down.written().stdout.match(/→ connect ECONNREFUSED 127\.0\.0\.1:\d+ \(\d+ ms\)$/gm);
    expect(failures).toHaveLength(3);
    expect(await down.stop()).toMatchObject({ code: 0, stderr: '' });
  });

  test('when a delivery has no response within 10 s', async () => {
    const partner = gateway.nextPartner();
    const command = await listen.startReady(partner);
    const waits = [20_000];
    listen.receiver.respond(() => sleep(waits.shift() ?? 0, 204, { ref: false }));
    const { uuid } = await createCustomer(partner);
    await partner.send(DELETE_CUSTOMER, { uuid });
    await eventually('both are printed', () => command.written().stdout.includes('deleted'));
    const [, first, second] = command.written().stdout.split('\n');
    expect(first).toMatch(/ customer\.created \S+ → no response within 10 s \(1\d{4} ms\)$/);
    expect(second).toMatch(/ customer\.deleted \S+ → 204 /);
  });

  test('while the gateway is down, and posts what was changed before it was reached again', async () => {
    const secretsKeys = [randomBytes(32)];
    const databaseUrl = await migratedDatabase();
    const first = await startTestGateway({ secretsKeys, databaseUrl }, 1);
    const partner = first.nextPartner();
    const port = Number(new URL(first.url).port);
    const other = resources.adopt(await startTestGateway({ secretsKeys, databaseUrl }, 0), (it) =>
      it.close(),
    );

    const command = await listen.startReady(partner);
    await first.close();
    await eventually('it says so', () => command.written().stderr !== '');
    const { uuid } = await createCustomer(new SignedClient(other.url, partner.credentials));
    await sleep(2 * POLL_MS);
    resources.adopt(await startTestGateway({ secretsKeys, databaseUrl, port }, 0), (it) => it.close());
    await listen.webhooksOf(uuid, 1);
    const { code, stderr } = await command.stop();
    expect([code, stderr.trimEnd().split('\n')]).toEqual([
      0,
      [
        expect.stringMatching(/^Cannot reach the gateway at \S+: .+\. Retrying until it is available\.$/),
        'The gateway is available again.',
      ],
    ]);
  });

  test('after the last event when the cursor has expired', async () => {
    const partner = gateway.nextPartner();
    await createCustomer(partner);
    await firstEventInFeed(partner);
    const command = await listen.startReady(partner);
    await query(gateway.databaseUrl, 'delete from customer_event where team_id = $1', [partner.teamId]);
    await eventually('it says so', () => command.written().stderr !== '');
    const { uuid } = await createCustomer(partner);
    await listen.webhooksOf(uuid, 1);
    expect((await command.stop()).stderr).toBe(
      'The cursor has expired. Continuing after the last event; earlier events are skipped.\n',
    );
  });

  test('when the rate limit allows it', async () => {
    const rateLimit = { max: 3, windowSeconds: 6 };
    const limited = resources.adopt(await startTestGateway({ rateLimit }, 1), (it) => it.close());
    const partner = limited.nextPartner();
    await Promise.all(Array.from({ length: 10 }, () => partner.send(READ)));
    const command = await listen.startReady(partner);
    expect(command.written().stderr).toMatch(/^Rate limit exceeded\. Continuing in [2-6] s\.\n$/);
    await createCustomer(partner);
    await eventually('it is posted', () => command.written().stdout.includes('→ 204'));
  });
});
