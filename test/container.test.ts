import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readConfig } from '../src/config.js';
import { migratedDatabase } from './support/database.js';
import { run, startGatewayProcess } from './support/process.js';

const dockerfile = await readFile('Dockerfile', 'utf8');

/** The words of an instruction in its exec form. */
function execForm(instruction: RegExp): string[] {
  const words = new RegExp(`${instruction.source}\\s+(\\[.*\\])`, 'm').exec(dockerfile)?.[1] ?? '[]';
  return z.array(z.string()).parse(JSON.parse(words));
}

describe('the image', () => {
  test('has the Node that the gateway runs on elsewhere', async () => {
    const { dependencies } = z
      .object({ dependencies: z.object({ node: z.string() }) })
      .parse(JSON.parse(await readFile('package.json', 'utf8')));
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
    const { workspaces } = z
      .object({ workspaces: z.array(z.string()) })
      .parse(JSON.parse(await readFile('package.json', 'utf8')));
    const [, build = '', dependencies = ''] = dockerfile.split(/^FROM .*$/m);
    const beforeInstall = build.slice(0, build.indexOf('RUN npm ci'));
    for (const workspace of workspaces) {
      expect(beforeInstall).toContain(`COPY ${workspace}/package.json ${workspace}/\n`);
      expect(dependencies).not.toContain(`COPY ${workspace}`);
    }
  });

  test('runs what `npm start` runs, as an account that is not root', async () => {
    const { scripts } = z
      .object({ scripts: z.object({ start: z.string() }) })
      .parse(JSON.parse(await readFile('package.json', 'utf8')));
    expect(scripts.start).toContain(execForm(/^CMD/).join(' '));
    expect(dockerfile).toMatch(/^USER node$/m);
  });

  test('is healthy while the gateway lives, and not when it is gone', async () => {
    const gateway = await startGatewayProcess({
      NODE_ENV: 'production',
      DATABASE_URL: await migratedDatabase(),
      SECRETS_KEY: randomBytes(32).toString('base64'),
    });
    const [, ...args] = execForm(/^HEALTHCHECK[^[]*CMD/);
    const check = () => run(process.execPath, args, { PORT: new URL(gateway.url).port });
    try {
      expect((await check()).code).toBe(0);
    } finally {
      await gateway.stop('SIGKILL');
    }
    expect((await check()).code).toBe(1);
  });
});

describe('the compose file', () => {
  test('gives the gateway settings that it takes', async () => {
    const file = z
      .object({
        services: z.object({ gateway: z.object({ environment: z.record(z.string(), z.string()) }) }),
      })
      .parse(parse(await readFile('compose.yaml', 'utf8')));
    const chosen: Record<string, string> = {
      POSTGRES_PASSWORD: randomBytes(16).toString('hex'),
      SECRETS_KEY: randomBytes(32).toString('base64'),
    };
    const environment = Object.fromEntries(
      Object.entries(file.services.gateway.environment).map(([name, value]) => [
        name,
        value.replace(/\$\{(\w+)[^}]*\}/g, (_whole, variable: string) => chosen[variable] ?? ''),
      ]),
    );
    const config = readConfig({ NODE_ENV: 'production', ...environment });
    expect(config.databaseUrl).toBe(
      `postgresql://gateway:${chosen['POSTGRES_PASSWORD']}@postgres:5432/gateway`,
    );
    expect(config.redisUrl).toBe('redis://redis:6379');
  });
});
