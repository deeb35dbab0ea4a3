import { readSecretVariable } from '../config/secret-variable.js';
import { UsageError } from './usage-error.js';

/**
 * Reads a secret of the environment, or of the file that the variable with the suffix `_FILE` names.
 *
 * @returns undefined if neither is set.
 * @throws {UsageError} if both are set or the file cannot be read.
 */
export function secretFromEnvironment(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  const secret = readSecretVariable(environment, name);
  if ('problem' in secret) throw new UsageError(`${secret.problem}.`);
  return secret.value;
}
