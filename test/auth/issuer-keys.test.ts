import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { jwtVerify } from 'jose';
import { type FindKey, issuerKeys } from '../../src/auth/jwt/issuer-keys.js';
import { type Issuer, startIssuer } from '../support/issuer.js';

let issuer: Issuer;
let findKey: FindKey;
/** How far the clocks of this test are ahead, in ms. */
let ahead = 0;
beforeEach(async () => {
  issuer = await startIssuer();
  findKey = issuerKeys(issuer.jwksUrl);
  ahead = 0;
  const [date, monotonic] = [Date.now.bind(Date), performance.now.bind(performance)];
  vi.spyOn(Date, 'now').mockImplementation(() => date() + ahead);
  vi.spyOn(performance, 'now').mockImplementation(() => monotonic() + ahead);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await issuer.close();
});

const MINUTE_MS = 60_000;
const claims = { exp: 32_503_680_000 };
const verify = (token: string) => jwtVerify(token, findKey);
const noKey = { code: 'ERR_JWKS_NO_MATCHING_KEY' };
const unavailable = { name: 'Unavailable', dependency: 'issuer' };

describe('the keys of an issuer', () => {
  test('are read once for many tokens at once', async () => {
    const tokens = await Promise.all(Array.from({ length: 10 }, () => issuer.sign(claims)));
    await Promise.all(tokens.map(verify));
    expect(issuer.reads()).toBe(1);
  });

  test('are read again for a key id that is new, but not for each caller who invents one', async () => {
    await verify(await issuer.sign(claims));
    for (let i = 0; i < 10; i += 1) {
      await expect(verify(await issuer.sign(claims, { kid: `invented-${i}` }))).rejects.toMatchObject(noKey);
    }
    expect(issuer.reads()).toBe(1);

    await issuer.rotate();
    ahead = MINUTE_MS;
    await verify(await issuer.sign(claims));
    expect(issuer.reads()).toBe(2);
  });

  test('stop working within ten minutes of being withdrawn', async () => {
    const token = await issuer.sign(claims);
    await verify(token);
    await issuer.rotate();
    ahead = 10 * MINUTE_MS;
    await expect(verify(token)).rejects.toMatchObject(noKey);
  });
});

describe('while an issuer is down', () => {
  test.each([500, 302, 404])('(it answers %i) a token is neither good nor bad', async (status) => {
    issuer.fail(status);
    await expect(verify(await issuer.sign(claims))).rejects.toMatchObject(unavailable);
  });

  test('(it never answers) we do not wait for it', async () => {
    issuer.hang();
    await expect(verify(await issuer.sign(claims))).rejects.toMatchObject(unavailable);
  });

  test('it is asked once a second and not by every caller, and works again when it does', async () => {
    issuer.fail(500);
    const token = await issuer.sign(claims);
    for (let i = 0; i < 10; i += 1) await expect(verify(token)).rejects.toMatchObject(unavailable);
    expect(issuer.reads()).toBe(1);

    issuer.fail(undefined);
    ahead = 1_000;
    await verify(token);
  });

  test('known keys keep working for an hour, and a new key is treated like an invented one', async () => {
    const token = await issuer.sign(claims);
    await verify(token);
    issuer.fail(500);
    ahead = 59 * MINUTE_MS;
    await verify(token);
    await expect(verify(await issuer.sign(claims, { kid: 'new' }))).rejects.toMatchObject(unavailable);
    ahead = 61 * MINUTE_MS;
    await expect(verify(token)).rejects.toMatchObject(unavailable);
  });
});
