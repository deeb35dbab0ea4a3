import { parseIntoClientConfig } from 'pg-connection-string';
import type pg from 'pg';

/**
 * The TLS options of a database URL: `sslmode`, `sslrootcert`, `sslcert` and `sslkey`, as `pg` reads them. The ORM reads only the address
 * and the account of a URL.
 *
 * @throws if the URL names a file that cannot be read.
 */
export function tlsOptions(databaseUrl: string): Pick<pg.ClientConfig, 'ssl'> {
  const { ssl } = parseIntoClientConfig(databaseUrl);
  return ssl === undefined ? {} : { ssl };
}
