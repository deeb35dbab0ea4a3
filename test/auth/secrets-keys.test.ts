import { expect, test } from 'vitest';
import { openSecretBox } from '../../src/auth/secrets-keys.js';
import { temporaryFolder } from '../support/process.js';

test('processes that need a new key at the same moment get the same one', async () => {
  const folder = await temporaryFolder();
  const config = { dataDir: folder.path, secretsKeys: [] };
  const boxes = await Promise.all(Array.from({ length: 10 }, () => openSecretBox(config)));
  expect(new Set(boxes.map(({ keyId }) => keyId)).size).toBe(1);
  await folder.remove();
});
