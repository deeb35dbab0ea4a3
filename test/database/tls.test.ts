import { chown, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../src/orm/migrate.js';
import { type Certificate, makeCertificate } from '../support/certificate.js';
import { query } from '../support/database.js';
import { startDeliveringGateway } from '../support/gateway.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { operator } from '../support/operator.js';
import { type OwnPostgres, startOwnPostgres } from '../support/own-postgres.js';
import { temporaryFolder } from '../support/process.js';
import { describeWith } from '../support/programs.js';

/** Lets the server take TLS connections only. */
async function acceptOnlyTls(url: string, { cert, key }: Certificate): Promise<void> {
  const [row] = await query<{ folder: string }>(url, `select current_setting('data_directory') as folder`);
  const folder = row?.folder ?? '';
  const { uid, gid } = await stat(folder);
  for (const [name, content] of [
    ['server.crt', cert],
    ['server.key', key],
  ] as const) {
    await writeFile(join(folder, name), content, { mode: 0o600 });
    await chown(join(folder, name), uid, gid);
  }
  await writeFile(join(folder, 'pg_hba.conf'), 'hostssl all all all scram-sha-256\n');
  await query(url, 'alter system set ssl = on');
  await query(url, 'select pg_reload_conf()');
}

describeWith('openssl')('a PostgreSQL that accepts only TLS', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let postgres: OwnPostgres;
  let withParameters: (parameters: string) => string;
  /** The certificate of the server, and another one. */
  let authority: string;
  let otherAuthority: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    authority = join(folder.path, 'authority.pem');
    otherAuthority = join(folder.path, 'other.pem');
    const certificate = makeCertificate('localhost', 1);
    await writeFile(authority, certificate.cert);
    await writeFile(otherAuthority, makeCertificate('localhost', 1).cert);
    postgres = await startOwnPostgres();
    await acceptOnlyTls(postgres.url, certificate);
    const url = new URL(postgres.url);
    url.hostname = 'localhost';
    withParameters = (parameters) => `${url.href}?${parameters}`;
  });
  afterAll(async () => {
    await postgres.remove();
    await folder.remove();
  });

  test('serves requests, lists and webhooks over verified TLS', async () => {
    const databaseUrl = withParameters(`sslmode=verify-full&sslrootcert=${authority}`);
    const gateway = await startDeliveringGateway(1, { databaseUrl });
    try {
      const partner = gateway.nextPartner();
      const input = { customer: 'Acme', email: 'ada@acme.example' };
      const created = await partner.send(CREATE_CUSTOMER, { input });
      expect(created.json.data.createCustomer.__typename).toBe('Created');
      const listed = await partner.send('{ customers { records { email } } }');
      expect(listed.json.data.customers.records).toEqual([{ email: 'ada@acme.example' }]);
    } finally {
      await gateway.close();
    }
  });

  test('is refused if it has another certificate, or TLS is not asked for', async () => {
    const other = withParameters(`sslmode=verify-full&sslrootcert=${otherAuthority}`);
    await expect(migrate(other)).rejects.toThrow(/self-signed certificate|unable to verify/);
    await expect(migrate(withParameters('sslmode=disable'))).rejects.toThrow(/no encryption/);
  });

  test('doctor reports whether the certificate is verified', async () => {
    const findingOf = async (parameters: string) => {
      const { stdout } = await operator({ DATABASE_URL: withParameters(parameters) }).run('doctor', '--json');
      const checks: { check: string; state: string; message: string }[] = JSON.parse(stdout);
      const found = checks.find(({ check }) => check === 'database TLS');
      return `${found?.state}: ${found?.message}`;
    };
    expect(await findingOf(`sslmode=verify-full&sslrootcert=${authority}`)).toMatch(
      /^ok: .*encrypted \(TLSv1\.3\), and the server's certificate is verified/,
    );
    expect(await findingOf('sslmode=no-verify')).toMatch(
      /^warning: .*is not verified\. Use sslmode=verify-full/,
    );
  });
});
