import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CodeBlock, codeBlocks } from '../support/code-block.js';
import { run, temporaryFolder } from '../support/process.js';
import { describeWith } from '../support/programs.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';

/** `npm ci` reads its packages from npm's cache, and loads those that it lacks. */
const INSTALL_TIMEOUT_MS = 300_000;

/** A few starts and stops of the gateway, on a busy machine. */
const RESTART_TIMEOUT_MS = 90_000;

const CERTIFICATE = '/etc/letsencrypt/live/api.example.com/fullchain.pem';

const programs = [
  'caddy',
  'curl',
  'ip',
  'jq',
  'nginx',
  'npm',
  'openssl',
  'pg_createcluster',
  'redis-server',
  'setpriv',
  'unshare',
];

/** Namespaces and accounts need root. */
const describeAsRoot = process.getuid?.() === 0 ? describeWith(...programs) : describe.skip;

describeAsRoot('docs/production.md and docs/backups.md on Debian packages', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let sandbox: Sandbox;
  let blocks: CodeBlock[];
  /** Standard output of a section's commands, by its heading. */
  const outputs = new Map<string, string>();

  /** The commands of a section. */
  function commandsOf(heading: string): string {
    const commands = blocks
      .filter(({ section, language }) => section === heading && language === 'sh')
      .map(({ code }) => code)
      .join('');
    if (commands === '') throw new Error(`The documents have no commands under "${heading}"`);
    return commands;
  }
  async function follow(...headings: string[]): Promise<void> {
    for (const heading of headings) outputs.set(heading, await sandbox.run(commandsOf(heading)));
  }
  /** Sends a signed operation through the proxy. @returns the response, with its head. */
  const send = (operation: string) =>
    sandbox.run(`body='${JSON.stringify({ query: operation })}'
printf %s "$body" | customer-gateway sign --client "$client_id" --url "$url" |
  curl --silent --include -H @- --data-binary "$body" "$url"`);
  /** The status of a signed request with the content of a file for its body. */
  const statusOfBody = (file: string) =>
    sandbox.run(`customer-gateway sign --client "$client_id" --url "$url" <${file} |
  curl --silent --output /dev/null --write-out '%{http_code}' -H @- --data-binary @${file} "$url"`);
  const statusOf = (...args: string[]) =>
    sandbox.run(`curl --silent --output /dev/null --write-out '%{http_code}' ${args.join(' ')}`);

  beforeAll(async () => {
    folder = await temporaryFolder();
    const root = join(folder.path, 'root');
    await mkdir(root);
    sandbox = startSandbox(folder.path, {
      npm_config_prefer_offline: 'true',
      CURL_CA_BUNDLE: CERTIFICATE,
      SHUTDOWN_DELAY_SECONDS: '0',
      // As on a Debian without locales.
      LC_ALL: 'C',
    });
    await sandbox.run(
      `set -- ${root} test/walkthroughs/systemctl.sh\ncd ${process.cwd()}\n. test/walkthroughs/sandbox.sh\ncd /`,
    );
    blocks = [...(await codeBlocks('docs/production.md')), ...(await codeBlocks('docs/backups.md'))];
    const packaged = await run(process.execPath, ['scripts/package-release.ts', '--out', folder.path]);
    if (packaged.code !== 0) throw new Error(packaged.stderr);
    await sandbox.run(`cp ${packaged.stdout.trim()} /var/tmp/`);
    await follow('Release');

    await sandbox.leaveNetwork();
    await sandbox.run(`echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start
pg_createcluster "$(ls /usr/lib/postgresql | sort -n | tail -n 1)" main --start`);
    await follow('Account', 'PostgreSQL', 'Redis', 'Settings and secrets', 'Service', 'Certificate', 'nginx');
    await follow('First client and smoke test');
  }, INSTALL_TIMEOUT_MS);
  afterAll(async () => {
    await sandbox.close();
    await folder.remove();
  });

  test('the release has its SBOM, no compiler, and Node 24', async () => {
    const files = await sandbox.run('cd /opt/customer-gateway/current && ls && cd /');
    expect(files).toMatch(/^sbom\.cdx\.json$/m);
    expect(files).not.toMatch(/^src$/m);
    expect(await sandbox.run('/opt/customer-gateway/current/node_modules/node/bin/node --version')).toMatch(
      /^v24\./,
    );
    expect(await sandbox.run('ls /opt/customer-gateway/current/node_modules')).not.toMatch(/^jest$/m);
  });

  test('migrations are applied, and `doctor` has nothing to say against the server', () => {
    const lines = (outputs.get('Settings and secrets') ?? '').trim().split('\n');
    expect(lines[0]).toMatch(/^Applied Migration/);
    expect(lines.slice(1).filter((line) => !line.startsWith('ok '))).toEqual([]);
    expect(lines.join('\n')).toContain('Redis 7');
  });

  test('a signed request creates a customer through nginx, and both logs find it by its request ID', async () => {
    const response = outputs.get('First client and smoke test') ?? '';
    expect(response).toMatch(/^HTTP\/2 200/);
    expect(response).toContain('"__typename":"Created"');
    const requestId = /^x-request-id: (\S+)/m.exec(response)?.[1] ?? '';

    await follow('Logs');
    const [inGateway = '', inNginx = ''] = (outputs.get('Logs') ?? '').trim().split('\n').slice(-2);
    expect(JSON.parse(inGateway)).toMatchObject({ requestId, status: 200, outcome: 'Created' });
    expect(JSON.parse(inNginx)).toMatchObject({
      requestId,
      status: 200,
      client: '127.0.0.1',
      path: '/graphql',
    });
  });

  test('nothing but /graphql is public', async () => {
    for (const path of ['', 'metrics', 'readyz', 'healthz', 'graphql/', 'Graphql']) {
      expect(await statusOf(`https://api.example.com/${path}`)).toBe('404');
    }
    expect(await statusOf('http://127.0.0.1:4000/readyz')).toBe('200');
    expect(await sandbox.run('ss -Hltn | awk "{print \\$4}" | sort')).not.toMatch(
      /^(0\.0\.0\.0|\[::\]|\*):(80|4000|5432|6379)$/m,
    );
  });

  test('a body of 1 MiB reaches the gateway, and one byte more does not', async () => {
    await sandbox.run(
      'head -c 1048576 /dev/zero >/var/tmp/full && (cat /var/tmp/full; printf 0) >/var/tmp/over',
    );
    expect(await statusOfBody('/var/tmp/full')).toBe('400');
    expect(await statusOfBody('/var/tmp/over')).toBe('413');
  });

  test('the service can read and write rows, and change no table, no setting and no file of the release', async () => {
    const asService = (command: string) =>
      sandbox.run(
        `if runuser -u customer-gateway -- ${command} >/dev/null 2>&1; then echo yes; else echo no; fi`,
      );
    const psql = `psql "$(. /etc/customer-gateway/gateway.env && echo "$DATABASE_URL")" --set=ON_ERROR_STOP=1 --command`;
    expect(await asService(`${psql} 'select from customer'`)).toBe('yes\n');
    for (const statement of [
      'drop table customer',
      'create table mine ()',
      'create temporary table mine ()',
    ]) {
      expect(await asService(`${psql} '${statement}'`)).toBe('no\n');
    }
    expect(await asService('cat /etc/customer-gateway/gateway.env')).toBe('no\n');
    expect(await asService('touch /opt/customer-gateway/current/dist/src/main.js')).toBe('no\n');
  });

  test('Redis counts for the gateway, and lets in no one without the password', async () => {
    const metrics = await sandbox.run(
      '. /etc/customer-gateway/gateway.env && curl --silent -H "Authorization: Bearer $METRICS_TOKEN" http://127.0.0.1:4000/metrics',
    );
    expect(metrics).toMatch(/^gateway_redis_up 1$/m);
    expect(await sandbox.run('redis-cli dbsize 2>&1')).toContain('NOAUTH');
    expect(
      await sandbox.run(
        '. /etc/customer-gateway/gateway.env && redis-cli --no-auth-warning -u "$REDIS_URL" flushall 2>&1',
      ),
    ).toContain('NOPERM');
  });

  describeWith('systemd-analyze')('the unit', () => {
    test('is valid, and its exposure is low', async () => {
      const verify = 'systemd-analyze verify --man=no --recursive-errors=no customer-gateway.service 2>&1';
      expect(await sandbox.run(verify)).toBe('');
      const security = 'systemd-analyze security --offline=true /etc/systemd/system/customer-gateway.service';
      const [, exposure] = /exposure level for \S+: ([\d.]+)/.exec(await sandbox.run(security)) ?? [];
      expect(Number(exposure)).toBeLessThan(2);
    });
  });

  test(
    'a backup restores what was deleted, with the grants of the service',
    async () => {
      await follow('Backup');
      const query = '{ customerByEmail(email: "ada@acme.example") { uuid } }';
      const before = (await send(query)).trim().split('\n').at(-1);
      expect(before).toMatch(/"uuid":"[\da-f-]{36}"/);
      await sandbox.run(
        'runuser -u postgres -- psql --quiet --dbname=customer_gateway --command="drop table customer cascade"',
      );
      await follow('Restore');
      expect(outputs.get('Restore')).not.toMatch(/^failed/m);
      expect((await send(query)).trim().split('\n').at(-1)).toBe(before);
      expect(
        await send(
          'mutation { createCustomer(input: { customer: "B", email: "b@b.example" }) { __typename } }',
        ),
      ).toContain('Created');
    },
    RESTART_TIMEOUT_MS,
  );

  test(
    'point-in-time recovery goes back to the moment before a deletion',
    async () => {
      const sql = (statement: string) =>
        sandbox.run(`runuser -u postgres -- psql --dbname=customer_gateway -At --command="${statement}"`);
      await follow('WAL archive');
      await follow('Base backup');
      const create = (email: string) =>
        send(`mutation { createCustomer(input: { customer: "A", email: "${email}" }) { __typename } }`);
      expect(await create('kept@acme.example')).toContain('Created');
      // PostgreSQL recovers to the last transaction that ended before the moment.
      await sandbox.run('sleep 1');
      await sandbox.run(
        `moment=$(runuser -u postgres -- psql -At --command='select clock_timestamp()')\nsleep 1`,
      );
      expect(await create('late@acme.example')).toContain('Created');
      await sql('delete from contact; delete from customer');

      await follow('Recovery to a moment');
      expect(outputs.get('Recovery to a moment')).not.toMatch(/^failed/m);
      const emails = (await sql('select email from customer')).trim().split('\n');
      expect(emails).toContain('kept@acme.example');
      expect(emails).not.toContain('late@acme.example');
      expect(await create('next@acme.example')).toContain('Created');
    },
    RESTART_TIMEOUT_MS,
  );

  test(
    'an upgrade runs the new release, and goes back to the old one',
    async () => {
      await sandbox.run(`cd /var/tmp
tar -xzf customer-gateway-0.1.0.tar.gz
mv customer-gateway-0.1.0 customer-gateway-0.1.1
tar -czf customer-gateway-0.1.1.tar.gz customer-gateway-0.1.1
cd /
npm() { cp -al /opt/customer-gateway/customer-gateway-0.1.0/node_modules .; }`);
      const [upgrade = '', back = ''] = commandsOf('Upgrade').split(/^(?=ln -sfn "\$previous")/m);
      const release = () => sandbox.run('readlink "/proc/$(cat /run/customer-gateway.pid)/cwd"');
      await sandbox.run(upgrade);
      expect(await release()).toBe('/opt/customer-gateway/customer-gateway-0.1.1\n');
      await sandbox.run(back);
      expect(await release()).toBe('/opt/customer-gateway/customer-gateway-0.1.0\n');
    },
    RESTART_TIMEOUT_MS,
  );

  test(
    'a signed request gets its outcome through Caddy, with the same bounds',
    async () => {
      await sandbox.run('systemctl stop nginx');
      // Caddy's own authority signs where no public one is asked.
      const [configure = '', start = ''] = commandsOf('Caddy').split(/^(?=caddy validate)/m);
      await sandbox.run(
        `${configure}sed -i '0,/^{/s//{\\n\\tlocal_certs\\n\\tskip_install_trust/' /etc/caddy/Caddyfile`,
      );
      await sandbox.run(start);
      await sandbox.run(`export CURL_CA_BUNDLE=/var/lib/caddy/.local/share/caddy/pki/authorities/local/root.crt
curl --silent --output /dev/null --retry 20 --retry-delay 1 --retry-all-errors https://api.example.com/`);
      const response = await send('{ customerByEmail(email: "ada@acme.example") { email } }');
      expect(response).toMatch(/^HTTP\/2 200/);
      expect(response).toContain('"email":"ada@acme.example"');
      const requestId = /^x-request-id: (\S+)/m.exec(response)?.[1] ?? '';
      const log = await sandbox.run(`grep -F ${requestId} /var/log/caddy/customer-gateway.log`);
      expect(JSON.parse(log)).toMatchObject({ request: { remote_ip: '127.0.0.1' }, status: 200 });
      expect(log).not.toMatch(/x-signature|authorization/i);

      for (const path of ['', 'metrics', 'readyz', 'graphql/']) {
        expect(await statusOf(`https://api.example.com/${path}`)).toBe('404');
      }
      expect(await statusOfBody('/var/tmp/full')).toBe('400');
      expect(await statusOfBody('/var/tmp/over')).toBe('413');
    },
    RESTART_TIMEOUT_MS,
  );
});
