import { randomBytes } from 'node:crypto';
import { secretFromEnvironment } from '../secret-from-environment.js';
import { UsageError } from '../usage-error.js';

/** An argument would be visible to other processes. */
export const WEBHOOK_SECRET_VARIABLE = 'CUSTOMER_GATEWAY_WEBHOOK_SECRET';

const PREFIX = 'whsec_';

/** Lengths of a secret that Standard Webhooks allows, in bytes. */
const [MIN_BYTES, MAX_BYTES] = [24, 64];

/** The secret of the environment. Returns undefined without one. @throws {UsageError} */
export function readSigningSecret(env: NodeJS.ProcessEnv): string | undefined {
  const secret = secretFromEnvironment(env, WEBHOOK_SECRET_VARIABLE);
  if (secret === undefined) return undefined;
  const bytes = Buffer.from(secret.slice(PREFIX.length), 'base64');
  if (
    secret !== `${PREFIX}${bytes.toString('base64')}` ||
    bytes.length < MIN_BYTES ||
    bytes.length > MAX_BYTES
  ) {
    throw new UsageError(
      `${WEBHOOK_SECRET_VARIABLE} must be ${PREFIX} followed by the base64 of ${MIN_BYTES} to ${MAX_BYTES} bytes.`,
    );
  }
  return secret;
}

/** A new random secret. */
export const newSigningSecret = (): string => `${PREFIX}${randomBytes(MIN_BYTES).toString('base64')}`;
