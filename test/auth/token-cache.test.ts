import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { issueClient, issueToken } from '../../src/auth/issue-credentials.js';
import { SecretBox } from '../../src/auth/secret-box.js';
import { scopes } from '../../src/auth/scopes.js';
import { TokenCache } from '../../src/auth/token-cache.js';
import { openOrm } from '../../src/orm/orm.js';
import { createTeam } from '../../src/teams/teams.js';
import { migratedDatabase, query } from '../support/database.js';

test('10,000 tokens are cached, and the one used longest ago is dropped for another', async () => {
  const orm = await openOrm(await migratedDatabase());
  const reads: string[] = [];
  const tokens = new TokenCache(orm, async (token) => {
    reads.push(token);
    return undefined;
  });
  for (let index = 0; index <= 10_000; index += 1) await tokens.get(`jwt ${index}`);
  reads.length = 0;
  await tokens.get('jwt 10000');
  await tokens.get('jwt 0');
  expect(reads).toEqual(['jwt 0']);
  await orm.close();
});

test('a token without scopes has all; one has those that this version knows', async () => {
  const databaseUrl = await migratedDatabase();
  const orm = await openOrm(databaseUrl);
  const { clientId } = await issueClient(orm, new SecretBox([randomBytes(32)]), 'Acme');
  const grant = { clientId, teamId: await createTeam(orm, 'Acme'), days: 1 };
  const unrestricted = await issueToken(orm, grant);
  const restricted = await issueToken(orm, { ...grant, scopes: ['events:read'] });
  const store = (value: string) =>
    query(databaseUrl, `update access_token set scopes = ${value} where id = $1`, [restricted.tokenId]);
  await expect(store(`'{}'`)).rejects.toThrow('access_token_scopes');
  await expect(store(`'{customers:all}'`)).rejects.toThrow('access_token_scopes');
  // As a later version does that has more scopes.
  await query(databaseUrl, 'alter table access_token drop constraint access_token_scopes');
  await store(`'{events:read,invoices:read}'`);

  const tokens = new TokenCache(orm);
  expect((await tokens.get(unrestricted.token))?.scopes).toEqual(new Set(scopes));
  const first = await tokens.get(restricted.token);
  expect(first?.scopes).toEqual(new Set(['events:read']));
  expect((await tokens.get(restricted.token))?.scopes).toBe(first?.scopes);
  await orm.close();
});
