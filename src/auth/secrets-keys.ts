import { type Config } from '../config.js';
import { ensureDataDir, keptRandomBytes } from '../database/data-dir.js';
import { SecretBox } from './secret-box.js';

const KEY_BYTES = 32;

/** The box of the configured keys, or outside production of one that is kept in the data folder. */
export async function openSecretBox(config: Pick<Config, 'dataDir' | 'secretsKeys'>): Promise<SecretBox> {
  if (config.secretsKeys.length > 0) return new SecretBox(config.secretsKeys);
  await ensureDataDir(config.dataDir);
  return new SecretBox([await keptRandomBytes(config.dataDir, 'secrets-key', KEY_BYTES)]);
}
