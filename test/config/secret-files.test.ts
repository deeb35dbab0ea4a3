import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../src/config/config.js';
import { secretVariables } from '../../src/config/environment.js';
import { readSecretVariable } from '../../src/config/secret-variable.js';
import { operator } from '../support/operator.js';
import { temporaryFolder } from '../support/process.js';
import { sharedResources } from '../support/resources.js';

let folder: string;
const resources = sharedResources();
beforeAll(async () => {
  folder = resources.adopt(await temporaryFolder(), (it) => it.remove()).path;
});

let files = 0;

/** Writes a file. @returns its path. */
function fileWith(content: string): string {
  files += 1;
  const path = join(folder, String(files));
  writeFileSync(path, content);
  return path;
}

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems;
  }
}

const values: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgresql://gateway:hunter2@db/gateway',
  DATABASE_DIRECT_URL: 'postgresql://gateway:hunter2@postgres/gateway',
  REDIS_URL: 'redis://:hunter2@redis',
  SECRETS_KEY: Buffer.alloc(32, 7).toString('base64'),
  METRICS_TOKEN: 'hunter2'.repeat(5),
};

describe('every secret variable', () => {
  test.each(secretVariables)('%s is also read from the file of its variable with _FILE', (name) => {
    const value = values[name] ?? '';
    const others = name === 'DATABASE_DIRECT_URL' ? { DATABASE_URL: values['DATABASE_URL'] } : {};
    const expected = readConfig({ ...others, [name]: value });
    for (const ending of ['', '\n', '\r\n']) {
      expect(readConfig({ ...others, [`${name}_FILE`]: fileWith(`${value}${ending}`) })).toEqual(expected);
    }
    expect(readConfig({ ...others, [name]: value, [`${name}_FILE`]: '' })).toEqual(expected);
    expect(readConfig({ ...others, [name]: '', [`${name}_FILE`]: fileWith(value) })).toEqual(expected);
  });

  test.each(secretVariables)('%s must not be set together with its file', (name) => {
    const environment = { [name]: values[name] ?? '', [`${name}_FILE`]: fileWith(values[name] ?? '') };
    expect(problemsOf(environment)).toEqual([`${name}_FILE must not be set together with ${name}`]);
  });

  test('is one of these', () => {
    expect(secretVariables).toEqual(Object.keys(values));
  });
});

test('a secret is the content of its file, without a line break at the end', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (secret) => {
      fc.pre(!secret.endsWith('\n'));
      const read = readSecretVariable({ KEY_FILE: fileWith(`${secret}\n`) }, 'KEY');
      expect(read).toEqual({ value: secret, source: 'KEY (from KEY_FILE)' });
    }),
  );
});

test('a link, as Kubernetes mounts secrets, is followed', () => {
  const link = join(folder, 'link');
  symlinkSync(fileWith('secret'), link);
  expect(readSecretVariable({ KEY_FILE: link }, 'KEY')).toMatchObject({ value: 'secret' });
});

describe('a file that is refused is named without its content:', () => {
  const cases: Readonly<Record<string, () => readonly [path: string, problem: string]>> = {
    missing: () => [join(folder, 'missing'), 'cannot be read (ENOENT)'],
    empty: () => [fileWith(''), 'is empty'],
    'a line break': () => [fileWith('\r\n'), 'is empty'],
    'larger than 64 KiB': () => [fileWith('x'.repeat(65_537)), 'has more than 65536 bytes'],
    'a folder': () => {
      const path = join(folder, 'folder');
      mkdirSync(path, { recursive: true });
      return [path, 'is not a regular file'];
    },
    'a pipe without a writer': () => {
      const path = join(folder, 'pipe');
      execFileSync('mkfifo', [path]);
      return [path, 'is not a regular file'];
    },
  };

  test.each(Object.keys(cases))('%s', (name) => {
    const [path, problem] = cases[name]?.() ?? [];
    const environment = { NODE_ENV: 'production', SECRETS_KEY: values['SECRETS_KEY'] ?? '' };
    // Only its own problem, though production requires the variable.
    expect(problemsOf({ ...environment, DATABASE_URL_FILE: path ?? '' })).toEqual([
      `DATABASE_URL_FILE names ${path}, which ${problem}`,
    ]);
  });

  test('with a value that is not valid', () => {
    expect(problemsOf({ METRICS_TOKEN_FILE: fileWith('hunter2'), PORT: 'x' })).toEqual([
      'PORT must be a whole number from 0 to 65535',
      expect.stringMatching(/^METRICS_TOKEN \(from METRICS_TOKEN_FILE\) must be at least 32 letters/),
    ]);
  });

  test('at 64 KiB is read', () => {
    const read = readSecretVariable({ KEY_FILE: fileWith('x'.repeat(65_536)) }, 'KEY');
    expect(read).toMatchObject({ value: 'x'.repeat(65_536) });
  });
});

describe('a command reads', () => {
  const clientId = crypto.randomUUID();
  const token = `cgt_${'a'.repeat(43)}`;
  const body = () => fileWith('{"query":"{ __typename }"}');

  test('the secret and the token of a client from files', async () => {
    const variables = {
      CUSTOMER_GATEWAY_CLIENT_SECRET_FILE: fileWith('cgs_hunter2\n'),
      CUSTOMER_GATEWAY_TOKEN_FILE: fileWith(`${token}\n`),
    };
    const { headers } = await operator(variables).ask('sign', '--client', clientId, '--body', body());
    expect(headers.Authorization).toBe(`Bearer ${token}`);
  });

  test('no secret that is set twice', async () => {
    const variables = {
      CUSTOMER_GATEWAY_CLIENT_SECRET: 'hunter2',
      CUSTOMER_GATEWAY_CLIENT_SECRET_FILE: fileWith('hunter2'),
      CUSTOMER_GATEWAY_TOKEN: token,
    };
    const { code, stderr } = await operator(variables).run('sign', '--client', clientId, '--body', body());
    expect([code, stderr]).toEqual([
      2,
      'CUSTOMER_GATEWAY_CLIENT_SECRET_FILE must not be set together with CUSTOMER_GATEWAY_CLIENT_SECRET.\n',
    ]);
  });
});
