import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readConfig } from '../src/config/config.js';
import { emptyDatabase, migratedDatabase, query } from './support/database.js';
import { execForm, imageCommand } from './support/dockerfile.js';
import { CLI, run, startGatewayProcess, temporaryFolder } from './support/process.js';
import { describeWith } from './support/programs.js';

const dockerfile = await readFile('Dockerfile', 'utf8');
const { dependencies, scripts, workspaces } = z
  .object({
    dependencies: z.object({ node: z.string() }),
    scripts: z.object({ start: z.string() }),
    workspaces: z.array(z.string()),
  })
  .parse(JSON.parse(await readFile('package.json', 'utf8')));

// In every place that starts a process that stays.
test.each([
  'compose.yaml',
  'deploy/helm/customer-gateway/templates/worker-deployment.yaml',
  'docs/cli.md',
  'tools/package.json',
])('%s gives Node the flags of `npm start`', async (file) => {
  const flags = scripts.start.match(/--[a-z-]+/g) ?? [];
  const text = await readFile(file, 'utf8');
  expect(flags).toContain('--enable-source-maps');
  expect(flags.filter((flag) => !text.includes(flag))).toEqual([]);
});

describe('the image', () => {
  test('has the Node that the gateway runs on elsewhere', async () => {
    expect(dockerfile).toContain(`node:${dependencies.node}-`);
  });

  test('copies what is there, and what is not kept out of it', async () => {
    const ignore = (await readFile('.dockerignore', 'utf8')).split('\n');
    const copies = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, paths = '']) =>
      paths.split(' '),
    );
    expect(copies.length).toBeGreaterThan(0);
    for (const path of copies) {
      expect(existsSync(path)).toBe(true);
      expect(ignore).toContain(`!${path}`);
    }
  });

  test('installs with the manifest of every workspace where it builds, and of none where it runs', async () => {
    const [, runtime = '', build = ''] = dockerfile.split(/^FROM .*$/m);
    const beforeInstall = build.slice(0, build.indexOf('RUN npm install'));
    for (const workspace of workspaces) {
      expect(beforeInstall).toContain(`COPY ${workspace}/package.json ${workspace}/\n`);
      expect(runtime).not.toContain(`COPY ${workspace}`);
    }
  });

  test('runs what `npm start` runs, as an account that is not root', async () => {
    expect(scripts.start).toContain((await imageCommand()).join(' '));
    expect(dockerfile).toMatch(/^USER node$/m);
  });

  test('is healthy while the gateway lives, and not when it is gone', async () => {
    const gateway = await startGatewayProcess({
      NODE_ENV: 'production',
      DATABASE_URL: await migratedDatabase(),
      SECRETS_KEY: randomBytes(32).toString('base64'),
    });
    const [, ...args] = await execForm(/^HEALTHCHECK[^[]*CMD/);
    const check = () => run(process.execPath, args, { PORT: new URL(gateway.url).port });
    try {
      expect((await check()).code).toBe(0);
    } finally {
      await gateway.stop('SIGKILL');
    }
    expect((await check()).code).toBe(1);
  });
});

const { services } = z
  .object({
    services: z.object({
      gateway: z.object({ environment: z.record(z.string(), z.string()) }),
      worker: z.object({
        command: z.array(z.string()),
        environment: z.record(z.string(), z.string()),
        profiles: z.array(z.string()),
      }),
      postgres: z.object({ volumes: z.array(z.string()), environment: z.record(z.string(), z.string()) }),
      redis: z.object({ command: z.array(z.string()) }),
    }),
  })
  .parse(parse(await readFile('compose.yaml', 'utf8')));

describe('the compose file', () => {
  test('gives the gateway settings that it takes', () => {
    const chosen: Record<string, string> = {
      POSTGRES_PASSWORD: randomBytes(16).toString('hex'),
      REDIS_PASSWORD: randomBytes(16).toString('hex'),
      SECRETS_KEY: randomBytes(32).toString('base64'),
    };
    const environment = Object.fromEntries(
      Object.entries(services.gateway.environment).map(([name, value]) => [
        name,
        value.replace(/\$\{(\w+)[^}]*\}/g, (_whole, variable: string) => chosen[variable] ?? ''),
      ]),
    );
    const config = readConfig({ NODE_ENV: 'production', ...environment });
    expect(config.databaseUrl).toBe(
      `postgresql://gateway:${chosen['POSTGRES_PASSWORD']}@postgres:5432/gateway`,
    );
    expect(config.redisUrl).toBe(`redis://default:${chosen['REDIS_PASSWORD']}@redis:6379`);
    expect(services.redis.command.join(' ')).toContain('--requirepass ${REDIS_PASSWORD:?');
  });

  test('has a worker with the settings of the gateway, which starts only if it is asked for', async () => {
    const { command, environment, profiles } = services.worker;
    expect(environment).toEqual(services.gateway.environment);
    expect(profiles).toEqual(['worker']);
    const start = (await imageCommand()).slice(0, -1);
    expect(command).toEqual([...start, 'dist/src/cli/main.js', 'work']);
    expect(existsSync(CLI)).toBe(true);
  });

  test('limits the memory of every service', async () => {
    const limited = z.object({ services: z.record(z.string(), z.object({ mem_limit: z.string() })) });
    expect(limited.safeParse(parse(await readFile('compose.yaml', 'utf8'))).error).toBeUndefined();
  });

  describeWith('psql')('has PostgreSQL run a script', () => {
    const script = services.postgres.volumes.flatMap(
      (volume) => /^\.\/(.*):\/docker-entrypoint-initdb\.d\//.exec(volume)?.[1] ?? [],
    );

    test('that gives the gateway a role which is no superuser and can migrate, and takes the superuser’s password', async () => {
      const databaseUrl = new URL(await emptyDatabase());
      const names = { postgres: `super_${randomUUID()}`, gateway: `role_${randomUUID()}` };
      await query(databaseUrl.href, `create role "${names.postgres}" superuser login password 'first'`);
      const statements = (await readFile(script[0] ?? '', 'utf8'))
        .replace('database gateway', `database ${databaseUrl.pathname.slice(1)}`)
        .replaceAll(
          /\b(role|to) (gateway|postgres)\b/g,
          (_text, word: string, name: keyof typeof names) => `${word} "${names[name]}"`,
        );
      const folder = await temporaryFolder();
      const file = join(folder.path, 'postgres.sql');
      await writeFile(file, statements);
      databaseUrl.username = names.postgres;
      databaseUrl.password = 'first';
      // As the image runs it.
      const args = ['--set=ON_ERROR_STOP=1', '--no-password', '--no-psqlrc', '-f', file, databaseUrl.href];
      const password = randomBytes(16).toString('hex');
      expect(await run('psql', args, { POSTGRES_PASSWORD: password })).toMatchObject({ code: 0, stderr: '' });
      await folder.remove();

      await expect(query(databaseUrl.href, 'select 1')).rejects.toThrow('password authentication failed');
      databaseUrl.username = names.gateway;
      databaseUrl.password = password;
      const role = 'select rolsuper, rolcreaterole, rolcreatedb from pg_roles where rolname = current_user';
      expect(await query(databaseUrl.href, role)).toEqual([
        { rolsuper: false, rolcreaterole: false, rolcreatedb: false },
      ]);
      const gateway = await startGatewayProcess({
        NODE_ENV: 'production',
        DATABASE_URL: databaseUrl.href,
        SECRETS_KEY: randomBytes(32).toString('base64'),
      });
      expect((await fetch(new URL('/readyz', gateway.url))).status).toBe(200);
      await gateway.stop('SIGTERM');
    });
  });
});
