import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type pg from 'pg';
import { isLoopback } from '../../config/loopback.js';
import { type Finding, ok, warning } from './check.js';

/** Whether the connection to PostgreSQL, or to the pooler, is encrypted and its certificate is verified. */
export function encryptionOf({ connection }: pg.Client): Finding {
  const { stream } = connection;
  if (stream instanceof TLSSocket) {
    const found = `The connection is encrypted (${stream.getProtocol()})`;
    if (stream.authorized) return ok(`${found}, and the server's certificate is verified.`);
    return warning(`${found}, but the server's certificate is not verified. Use sslmode=verify-full.`);
  }
  // A Unix domain socket has no address.
  const address = stream instanceof Socket ? stream.remoteAddress : undefined;
  if (address === undefined || isLoopback(address)) return ok('The connection stays on this machine.');
  return warning(
    `The connection to ${address} is not encrypted. Add ?sslmode=verify-full to the database URL, and sslrootcert if the certificate is not from a public authority.`,
  );
}
