import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { revokeToken } from '../../src/auth/revoke-credentials.js';
import { createCustomer } from '../support/customers.js';
import { eventually } from '../support/eventually.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { type ListenCommands, POLL_MS, prepareListenCommands } from '../support/listen-command.js';
import { operator } from '../support/operator.js';
import { CLI, run, temporaryFolder } from '../support/process.js';
import { sharedResources } from '../support/resources.js';
import { type SignedClient } from '../support/signed-client.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let gateway: TestGateway;
let listen: ListenCommands;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startTestGateway({}, 12), (it) => it.close());
  listen = resources.adopt(await prepareListenCommands(), (it) => it.close());
  folder = resources.adopt(await temporaryFolder(), (it) => it.remove());
});
afterEach(() => {
  listen.receiver.respond(() => 204);
});

describe('`listen` ends', () => {
  const refusal = async (partner: SignedClient, words: string[], changes: Record<string, string> = {}) => {
    const { code, stdout, stderr } = await listen.start(partner, words, changes).finished;
    expect(stdout).toBe('');
    return [code, stderr];
  };

  test('with 1 and one sentence when the credentials are wrong', async () => {
    const partner = gateway.nextPartner();
    const rejected = (reason: string) => [1, `Authentication at ${gateway.url} failed: ${reason}.\n`];
    expect(await refusal(partner, [], { CUSTOMER_GATEWAY_CLIENT_SECRET: 'wrong' })).toEqual(
      rejected('SIGNATURE_MISMATCH'),
    );
    expect(await refusal(partner, [], { CUSTOMER_GATEWAY_TOKEN: 'wrong' })).toEqual(
      rejected('TOKEN_INVALID'),
    );
  });

  test('with 1 when its token is revoked', async () => {
    const partner = gateway.nextPartner();
    const command = await listen.startReady(partner);
    await revokeToken(gateway.orm, { token: partner.credentials.token });
    const { code, stderr } = await command.finished;
    expect([code, stderr]).toEqual([1, expect.stringContaining('failed: TOKEN_REVOKED.')]);
  });

  test('with 1 when the URL is not that of a gateway', async () => {
    const partner = gateway.nextPartner();
    const url = new URL('/webhooks', listen.receiver.url).href;
    expect(await refusal(partner, ['--url', url])).toEqual([
      1,
      `${url} did not return a valid response (HTTP 204).\n`,
    ]);
  });

  test.each([
    [['--forward-to', 'localhost:3000'], {}, 'http or https URL'],
    [['--forward-to', 'http://hunter2:x@localhost:3000'], {}, 'must not contain a user name or a password'],
    [['--types', 'created,changed'], {}, 'must be a list of created, updated, deleted, restored'],
    [
      [],
      { CUSTOMER_GATEWAY_WEBHOOK_SECRET: 'whsec_hunter2' },
      'must be whsec_ followed by the base64 of 24 to 64 bytes',
    ],
  ])('with 2 for %j and %j', async (words, changes, problem) => {
    const [code, stderr] = await refusal(gateway.nextPartner(), words, changes);
    expect([code, stderr]).toEqual([2, expect.stringContaining(problem)]);
  });

  test('with 2 without credentials, and reads those of the demo client by default', async () => {
    const partner = gateway.nextPartner();
    const admin = operator({ DATA_DIR: folder.path });
    const words = ['listen', '--forward-to', listen.receiver.url];
    expect(await admin.run(...words)).toMatchObject({
      code: 2,
      stderr: 'Specify --client or --credentials.\n',
    });
    await writeFile(
      join(folder.path, 'demo.json'),
      JSON.stringify({ url: gateway.url, ...partner.credentials }),
    );
    const command = resources.adopt(admin.open(...words), async (it) => {
      await it.stop();
    });
    await eventually('it is ready', () =>
      command.written().stdout.startsWith('Ready. Signing secret: whsec_'),
    );
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('with 0 at %s, also during a delivery', async (signal) => {
    const partner = gateway.nextPartner();
    const words = listen.words(partner);
    const { child, finished } = operator(listen.variables(partner)).start(...words);
    const known = listen.receiver.received.length;
    listen.receiver.respond(() => sleep(60_000, 204, { ref: false }));
    await eventually('it delivers', async () => {
      await createCustomer(partner);
      await sleep(POLL_MS);
      return listen.receiver.received.length > known;
    });
    child.kill(signal);
    const stopped = performance.now();
    expect(await finished).toMatchObject({ code: 0, stderr: '' });
    expect(performance.now() - stopped).toBeLessThan(5_000);
  });

  test('when its output is closed', async () => {
    const partner = gateway.nextPartner();
    const words = listen.words(partner).map((word) => `'${word}'`);
    const command = `"${process.execPath}" ${CLI} ${words.join(' ')} | head -n 1`;
    const finished = run('sh', ['-c', command], listen.variables(partner));
    const ended = finished.then(() => true);
    await eventually('it has ended', async () => {
      await createCustomer(partner);
      return Promise.race([ended, sleep(POLL_MS, false)]);
    });
    expect(await finished).toMatchObject({ stdout: expect.stringMatching(/^Ready\..*\n$/), stderr: '' });
  });
});
