import { describe, expect, test } from 'vitest';
import { pino } from 'pino';
import { serializeError } from '../../src/errors/serialize-error.js';
import { Unavailable } from '../../src/errors/unavailable.js';
import { prettyFormat } from '../../src/observability/pretty-format.js';
import { query } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { startOwnPostgres } from '../support/own-postgres.js';
import { run, startGatewayProcess } from '../support/process.js';

describe('for people, a line of the log', () => {
  const format = prettyFormat(false);
  /** What a call of the logger becomes, without the time of day. */
  const lineOf = (log: (logger: pino.Logger) => void) => {
    let line = '';
    const logger = pino(
      { serializers: { err: serializeError }, formatters: { level: (label) => ({ level: label }) } },
      { write: (json: string) => void (line = format(json)) },
    );
    log(logger);
    return line.replace(/^\[\d\d:\d\d:\d\d\] /, '');
  };
  const request = {
    requestId: 'r',
    method: 'POST',
    route: '/graphql',
    status: 200,
    ms: 12.34,
    clientId: 'c',
  };

  test('has the operation, the outcome and the duration of a request', () => {
    const fields = { ...request, operation: 'createCustomer', outcome: 'Created' };
    expect(
      lineOf((log) => {
        log.info(fields, 'request');
      }),
    ).toBe('INFO: POST /graphql 200 createCustomer Created 12.3 ms\n');
  });

  test('has no control, bidirectional or invisible character of what it logs', () => {
    const line = lineOf((log) => {
      log.warn({ err: new Error('\u009B2J'), file: '\u001B[2J\u202E' }, '\u0007\u200B');
    });
    // oxlint-disable-next-line no-control-regex -- the characters that it looks for
    expect(line).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202E\u200B]/);
    expect(line).toContain(String.raw`\u0007\u200b`);
  });

  test('has the reason of a refused request', () => {
    const refused = { code: 'UNAUTHENTICATED', reason: 'SIGNATURE_MISMATCH', status: 401 };
    expect(
      lineOf((log) => {
        log.info({ ...request, ...refused }, 'request');
      }),
    ).toBe('INFO: POST /graphql 401 UNAUTHENTICATED SIGNATURE_MISMATCH 12.3 ms\n');
  });

  test('has the cause of an outage and no stack', () => {
    const err = new Unavailable('database', { cause: new Error('connect ECONNREFUSED') });
    expect(
      lineOf((log) => {
        log.warn({ err, requestId: 'r' }, 'unavailable');
      }),
    ).toBe('WARN: unavailable: The database is not available: connect ECONNREFUSED requestId=r\n');
  });

  test('has the stack of a bug', () => {
    const line = lineOf((log) => {
      log.error({ err: new TypeError('no'), requestId: 'r' }, 'unexpected error');
    });
    expect(line).toMatch(/^ERROR: unexpected error: no requestId=r\nTypeError: no\n {4}at /);
  });

  test('has colours where they are asked for', () => {
    expect(prettyFormat(true)('{"level":"info","time":0,"msg":"stopped"}')).toContain('\u001B[');
  });
});

test('an error of the ORM is logged without the row that PostgreSQL quotes', () => {
  const text = 'new row for relation "customer" violates check constraint "broken"';
  const error = new Error(`${text}\n - detail: Failing row contains (ada@example.com).`);
  const logged = serializeError(Object.assign(error, { code: '23514' }));
  expect(logged).toMatchObject({ message: text, code: '23514' });
  expect(JSON.stringify(logged)).not.toContain('ada@example.com');
});

test('what formats lines for people is not loaded for a log of JSON', async () => {
  const tellModules = `import { registerHooks } from 'node:module';
    registerHooks({ resolve(name, context, next) { process.stderr.write(name + '\\n'); return next(name, context); } });`;
  const preload = `data:text/javascript,${encodeURIComponent(tellModules)}`;
  const program = `const { openLog } = await import('./dist/src/observability/log.js');
    (await openLog({ logLevel: 'info', logFormat: process.env.FORMAT })).info('hello');`;
  const load = (FORMAT: string) =>
    run(process.execPath, ['--import', preload, '--input-type', 'module', '--eval', program], { FORMAT });
  const [json, pretty] = await Promise.all([load('json'), load('pretty')]);
  expect(JSON.parse(json.stdout)).toMatchObject({ level: 'info', msg: 'hello' });
  expect(json.stderr).not.toContain('pino-pretty');
  expect(pretty.stdout).toMatch(/INFO: hello\n$/);
  expect(pretty.stderr).toContain('pino-pretty');
});

test('in production standard output is JSON from start to stop, and an outage of PostgreSQL is two lines', async () => {
  const postgres = await startOwnPostgres();
  try {
    const gateway = await startGatewayProcess({
      NODE_ENV: 'production',
      LOG_FORMAT: '',
      DATABASE_URL: postgres.url,
      SECRETS_KEY: Buffer.alloc(32).toString('base64'),
      SHUTDOWN_DELAY_SECONDS: '0',
    });
    // A crash is noticed by the end of an idle connection. The sweeps of the start may have the only one.
    await eventually('the sweeps have ended', async () => {
      const busy = `select from pg_stat_activity where application_name = 'customer-gateway'
        and (state <> 'idle' or state_change > now() - interval '300 ms')`;
      return (await query(postgres.url, busy)).length === 0;
    });
    await postgres.crash('immediate');
    await eventually('it is noticed', () => gateway.output().includes('PostgreSQL is unavailable'));
    await postgres.start();
    await eventually('its end is noticed', () => gateway.output().includes('PostgreSQL is available again'));
    const { code, stdout } = await gateway.stop('SIGTERM');
    expect(code).toBe(0);

    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    // The crash may meet the sweeps of the start.
    const others = lines.filter(({ msg }) => !/^expired .* were not removed/.test(msg));
    expect(others.map(({ level, msg }) => [level, msg])).toEqual([
      ['info', 'migrated'],
      ['info', expect.stringMatching(/^Server listening at /)],
      ['info', 'started'],
      ['warn', 'PostgreSQL is unavailable'],
      ['info', 'PostgreSQL is available again'],
      ['info', 'stopping'],
      ['info', 'stopped'],
    ]);
    expect(others[2]).toMatchObject({ url: gateway.url });
    expect(others[5]).toMatchObject({ signal: 'SIGTERM' });
  } finally {
    await postgres.remove();
  }
});
