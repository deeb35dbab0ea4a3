import { beforeAll, describe, expect, test } from 'vitest';
import { ClientSecret } from '../../src/auth/client-secret.entity.js';
import { revokeClient, revokeSecret } from '../../src/auth/revoke-credentials.js';
import { rotateSecret } from '../../src/auth/rotate-secret.js';
import { SecretBox } from '../../src/auth/secret-box.js';
import { eventually } from '../support/eventually.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { type Partner } from '../support/partner.js';
import { sharedResources } from '../support/resources.js';
import { SignedClient } from '../support/signed-client.js';

let gateway: TestGateway;
let box: SecretBox;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(
    await startTestGateway({ rateLimit: { max: 10_000, windowSeconds: 60 } }, 7),
    (it) => it.close(),
  );
  box = new SecretBox([gateway.secretsKey]);
});

const HOUR = 3_600;

/** Rotates, and gives the partner as it calls with its new secret. */
async function rotate(
  { credentials }: Partner | SignedClient,
  overlapSeconds: number,
): Promise<SignedClient> {
  const issued = await rotateSecret(gateway.orm, box, credentials.clientId, overlapSeconds);
  if (!issued) throw new Error('There is no such client');
  return new SignedClient(gateway.url, { ...credentials, ...issued });
}

/** A call of a client that nobody knows makes the gateway read its list again, if that is a second old. */
async function readAgain(): Promise<void> {
  const nobody = { clientId: crypto.randomUUID(), clientSecret: 'cgs_none', token: 'cgt_none' };
  await new SignedClient(gateway.url, nobody).send('{ __typename }');
}

async function works(client: SignedClient): Promise<boolean> {
  await readAgain();
  return (await client.send('{ __typename }')).status === 200;
}

async function isRefused(client: SignedClient): Promise<boolean> {
  await readAgain();
  const { status, json } = await client.send('{ __typename }');
  return status === 401 && json.errors[0].extensions.reason === 'SIGNATURE_MISMATCH';
}

/** What is kept of a client's secrets, the current one first. */
const secretsOf = ({ credentials }: SignedClient): Promise<ClientSecret[]> =>
  gateway.orm.em
    .fork()
    .find(ClientSecret, { client: credentials.clientId }, { orderBy: { expiresAt: 'desc nulls first' } });

describe('a rotation', () => {
  test('lets the secret before work on for the overlap, and no longer', async () => {
    const before = gateway.nextPartner();
    expect(await works(before)).toBe(true);
    const after = await rotate(before, 4);
    await eventually('the new secret works', () => works(after));
    expect(await works(before)).toBe(true);
    await eventually('the secret before has expired', () => isRefused(before));
    expect(await works(after)).toBe(true);
  });

  test('with no overlap ends the secret before at once', async () => {
    const before = gateway.nextPartner();
    const after = await rotate(before, 0);
    expect(await secretsOf(after)).toHaveLength(1);
    await eventually('the new secret works', () => works(after));
    expect(await isRefused(before)).toBe(true);
  });

  test('during an overlap ends all but the newest of the earlier secrets', async () => {
    const first = gateway.nextPartner();
    const second = await rotate(first, HOUR);
    const third = await rotate(second, HOUR);
    await eventually('the newest secret works', () => works(third));
    expect(await works(second)).toBe(true);
    expect(await isRefused(first)).toBe(true);
  });

  test('gives no earlier secret more time than it had', async () => {
    const before = gateway.nextPartner();
    await rotate(before, HOUR);
    const [current, earlier] = await secretsOf(before);
    await revokeSecret(gateway.orm, before.credentials.clientId, current?.id ?? '');
    await rotate(before, 2 * HOUR);
    expect((await secretsOf(before))[1]).toMatchObject({ id: earlier?.id, expiresAt: earlier?.expiresAt });
  });

  test('of many at once leaves the last one and the one before', async () => {
    const partner = gateway.nextPartner();
    const rotated = await Promise.all(Array.from({ length: 10 }, () => rotate(partner, HOUR)));
    const kept = await secretsOf(partner);
    expect(kept.map(({ expiresAt }) => expiresAt === null)).toEqual([true, false]);
    const open = kept.map((secret) => box.open(secret, partner.credentials.clientId).toString());
    const issued = rotated.map(({ credentials }) => credentials.clientSecret);
    expect(issued).toEqual(expect.arrayContaining(open));
  });

  test('is nothing that a revoked or unknown client can have', async () => {
    const { credentials } = gateway.nextPartner();
    await revokeClient(gateway.orm, credentials.clientId);
    expect(await rotateSecret(gateway.orm, box, credentials.clientId, HOUR)).toBeUndefined();
    expect(await rotateSecret(gateway.orm, box, crypto.randomUUID(), HOUR)).toBeUndefined();
  });
});

test('a secret that was revoked stops, and the other one of its client works on', async () => {
  const before = gateway.nextPartner();
  const after = await rotate(before, HOUR);
  await eventually('the new secret works', () => works(after));
  const [current] = await secretsOf(after);
  await revokeSecret(gateway.orm, after.credentials.clientId, current?.id ?? '');
  await eventually('the revoked secret is refused', () => isRefused(after));
  expect(await works(before)).toBe(true);
});
