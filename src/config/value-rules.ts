import { z } from 'zod';
import { tlsOptions } from '../database/tls.js';
import { isLoopback } from './loopback.js';

/** Bytes of a key that encrypts client secrets: AES-256. */
export const SECRETS_KEY_BYTES = 32;

export const databaseUrl = z
  .string()
  .refine(
    isDatabaseUrl,
    'must look like postgresql://user:password@host:5432/database, with ?sslmode=verify-full for TLS',
  )
  .refine(
    (value) => !isDatabaseUrl(value) || canReadTlsFiles(value),
    'names a file in sslrootcert, sslcert or sslkey that cannot be read',
  );

function isDatabaseUrl(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1;
}

function canReadTlsFiles(url: string): boolean {
  try {
    tlsOptions(url);
    return true;
  } catch {
    return false;
  }
}

export const redisUrl = z.string().refine((value) => {
  const url = URL.parse(value);
  return url !== null && /^rediss?:$/.test(url.protocol) && /^(\/\d*)?$/.test(url.pathname);
}, 'must look like redis://user:password@host:6379/0, or rediss:// for TLS');

/** TLS is required: an attacker who could replace the keys in transit could issue tokens for every team. */
export const keysUrl = z.string().refine((value) => {
  const url = URL.parse(value);
  if (url === null || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}, 'must be an https URL without a user (http only for a loopback host)');

export const secretsKeys = z
  .string()
  .transform((list) => list.split(',').map((key) => Buffer.from(key.trim(), 'base64')))
  .refine(
    (keys) => keys.every((key) => key.length === SECRETS_KEY_BYTES),
    `must be base64 of ${SECRETS_KEY_BYTES} bytes (openssl rand -base64 ${SECRETS_KEY_BYTES}), or several of them, separated by commas`,
  );

/** What a Bearer token may be made of (RFC 6750, 2.1), long enough not to be guessed. */
export const metricsToken = z
  .string()
  .regex(
    /^[A-Za-z0-9._~+/-]{32,}=*$/,
    'must be at least 32 letters, digits or - . _ ~ + / (openssl rand -hex 32)',
  );

export const collectorUrl = z.url({ protocol: /^https?$/, error: 'must look like http://collector:4318' });
