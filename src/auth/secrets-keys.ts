import { type Config } from '../config/config.js';
import { keptRandomBytes, readKeptBytes } from '../files/data-folder.js';
import { SECRETS_KEY_BYTES } from '../config/value-rules.js';
import { SecretBox } from './secret-box.js';

const KEY_FILE = 'secrets-key';

/** Uses the configured keys or, outside production, a key in the data folder. @throws {StartError} if it is damaged. */
export async function openSecretBox(config: Pick<Config, 'dataDir' | 'secretsKeys'>): Promise<SecretBox> {
  if (config.secretsKeys.length > 0) return new SecretBox(config.secretsKeys);
  return new SecretBox([await keptRandomBytes(config.dataDir, KEY_FILE, SECRETS_KEY_BYTES)]);
}

/** Like {@link openSecretBox}, but returns undefined if there is no key yet. Creates nothing. */
export async function findSecretBox(
  config: Pick<Config, 'dataDir' | 'secretsKeys'>,
): Promise<SecretBox | undefined> {
  if (config.secretsKeys.length > 0) return new SecretBox(config.secretsKeys);
  const kept = await readKeptBytes(config.dataDir, KEY_FILE, SECRETS_KEY_BYTES);
  return kept && new SecretBox([kept]);
}
