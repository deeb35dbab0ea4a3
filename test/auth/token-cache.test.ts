import { expect, test } from 'vitest';
import { TokenCache } from '../../src/auth/token-cache.js';
import { openOrm } from '../../src/orm/orm.js';
import { migratedDatabase } from '../support/database.js';

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
