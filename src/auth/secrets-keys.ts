import { type Config } from '../config.js';
import { keptRandomBytes } from '../database/data-dir.js';
import { KEY_BYTES, SecretBox } from './secret-box.js';

/** The box of the configured keys, or outside production of one that is kept in the data folder. */
export async function openSecretBox(config: Pick<Config, 'dataDir' | 'secretsKeys'>): Promise<SecretBox> {
  if (config.secretsKeys.length > 0) return new SecretBox(config.secretsKeys);
  return new SecretBox([await keptRandomBytes(config.dataDir, 'secrets-key', KEY_BYTES)]);
}
