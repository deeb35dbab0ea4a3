import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../src/config/config.js';

const key = Buffer.alloc(32, 7).toString('base64');

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems;
  }
}

describe('the configuration', () => {
  test('has a default for everything in development', () => {
    expect(readConfig({})).toEqual({
      environment: 'development',
      host: '127.0.0.1',
      port: 4000,
      dataDir: '.data',
      databaseUrl: undefined,
      databaseDirectUrl: undefined,
      migrate: 'start',
      redisUrl: undefined,
      redisFailureMode: 'per-process',
      databasePool: { max: 10, waitMs: 2_000, statementTimeoutMs: 5_000, listTimeoutMs: 1_000 },
      secretsKeys: [],
      rateLimit: { max: 100, windowSeconds: 60 },
      bounds: {
        bodyBytes: 1_048_576,
        documentBytes: 100_000,
        tokens: 2_500,
        depth: 10,
        aliases: 30,
        rootFields: 20,
        directives: 50,
        cost: 400_000,
        listItems: 25_000,
        inputFields: 40_000,
        responseBytes: 2_097_152,
      },
      capacity: {
        requestTimeoutSeconds: 15,
        responseTimeoutSeconds: 30,
        connections: 1_000,
        bodyBytes: 67_108_864,
        responseBytes: 134_217_728,
      },
      eventRetentionDays: 90,
      webhooks: { deliver: true, allowPrivate: true, httpsOnly: false },
      signatureToleranceSeconds: 300,
      shutdownDelaySeconds: 0,
      keepAliveTimeoutSeconds: 620,
      metricsToken: undefined,
      tracing: undefined,
      jwt: undefined,
      playground: true,
      logFormat: 'pretty',
      logLevel: 'info',
    });
  });

  test('takes an empty variable for an absent one', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: '' })).toEqual(readConfig({}));
  });

  test('lists every bad value at once, without repeating it', () => {
    const problems = problemsOf({
      NODE_ENV: 'staging',
      PORT: '65536',
      DATABASE_URL: 'mysql://hunter2@db/x',
      DATABASE_DIRECT_URL: 'hunter2',
      DATABASE_PREPARED_STATEMENTS: 'maybe',
      MIGRATE: 'later',
      REDIS_URL: 'http://hunter2@redis',
      REDIS_FAILURE_MODE: 'ignore',
      DATABASE_POOL_MAX: '0',
      DATABASE_POOL_WAIT_MS: '10001',
      DATABASE_STATEMENT_TIMEOUT_MS: '-1',
      SECRETS_KEY: 'hunter2',
      RATE_LIMIT_MAX: '0',
      RATE_LIMIT_WINDOW_SECONDS: '1.5',
      MAX_BODY_BYTES: '1 MiB',
      GRAPHQL_MAX_DOCUMENT_BYTES: '0',
      GRAPHQL_MAX_TOKENS: '0',
      GRAPHQL_MAX_DEPTH: '0',
      GRAPHQL_MAX_ALIASES: '-1',
      GRAPHQL_MAX_ROOT_FIELDS: '0',
      GRAPHQL_MAX_DIRECTIVES: '-1',
      GRAPHQL_MAX_COST: '0',
      GRAPHQL_MAX_LIST_ITEMS: '0',
      SIGNATURE_TOLERANCE_SECONDS: '-1',
      SHUTDOWN_DELAY_SECONDS: '11',
      METRICS_TOKEN: 'hunter2',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318',
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'hunter2',
      OTEL_TRACES_SAMPLER: 'hunter2',
      OTEL_TRACES_SAMPLER_ARG: '2',
      JWT_JWKS_URL: 'https://hunter2@issuer.example/jwks',
      PLAYGROUND: 'maybe',
      LOG_LEVEL: 'loud',
      LOG_FORMAT: 'xml',
    });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'NODE_ENV',
      'PORT',
      'DATABASE_URL',
      'DATABASE_DIRECT_URL',
      'DATABASE_PREPARED_STATEMENTS',
      'MIGRATE',
      'REDIS_URL',
      'REDIS_FAILURE_MODE',
      'DATABASE_POOL_MAX',
      'DATABASE_POOL_WAIT_MS',
      'DATABASE_STATEMENT_TIMEOUT_MS',
      'SECRETS_KEY',
      'RATE_LIMIT_MAX',
      'RATE_LIMIT_WINDOW_SECONDS',
      'MAX_BODY_BYTES',
      'GRAPHQL_MAX_DOCUMENT_BYTES',
      'GRAPHQL_MAX_TOKENS',
      'GRAPHQL_MAX_DEPTH',
      'GRAPHQL_MAX_ALIASES',
      'GRAPHQL_MAX_ROOT_FIELDS',
      'GRAPHQL_MAX_DIRECTIVES',
      'GRAPHQL_MAX_COST',
      'GRAPHQL_MAX_LIST_ITEMS',
      'SIGNATURE_TOLERANCE_SECONDS',
      'SHUTDOWN_DELAY_SECONDS',
      'METRICS_TOKEN',
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
      'OTEL_TRACES_SAMPLER',
      'OTEL_TRACES_SAMPLER_ARG',
      'JWT_JWKS_URL',
      'PLAYGROUND',
      'LOG_LEVEL',
      'LOG_FORMAT',
    ]);
    expect(problems.join()).not.toContain('hunter2');
  });

  test('refuses a database whose certificate cannot be read, without its address', () => {
    const url = 'postgres://hunter2@h/d?sslmode=verify-full&sslrootcert=/absent/ca.pem';
    expect(problemsOf({ DATABASE_URL: url })).toEqual([
      'DATABASE_URL names a file in sslrootcert, sslcert or sslkey that cannot be read',
    ]);
  });

  test('knows from DATABASE_DIRECT_URL that DATABASE_URL is that of a pooler', () => {
    const url = 'postgresql://user@pooler:6432/db';
    const direct = 'postgresql://user@postgres:5432/db';
    const through = (environment: Record<string, string>) =>
      readConfig({ DATABASE_URL: url, ...environment }).databasePool.pooler;
    expect(through({})).toBeUndefined();
    expect(through({ DATABASE_DIRECT_URL: direct })).toEqual({ preparedStatements: true });
    expect(through({ DATABASE_DIRECT_URL: direct, DATABASE_PREPARED_STATEMENTS: 'off' })).toEqual({
      preparedStatements: false,
    });
    expect(problemsOf({ DATABASE_DIRECT_URL: direct })).toEqual([
      'DATABASE_DIRECT_URL requires DATABASE_URL, the address of the connection pooler',
    ]);
    expect(problemsOf({ DATABASE_URL: url, DATABASE_PREPARED_STATEMENTS: 'off' })).toEqual([
      'DATABASE_PREPARED_STATEMENTS can be off only with DATABASE_DIRECT_URL, behind a connection pooler',
    ]);
  });

  test('needs a database and a secrets key in production', () => {
    expect(problemsOf({ NODE_ENV: 'production' })).toEqual([
      'DATABASE_URL is required when NODE_ENV is production',
      'SECRETS_KEY is required when NODE_ENV is production',
    ]);
    expect(problemsOf({ NODE_ENV: 'production', DATABASE_URL: 'postgres://h/d', SECRETS_KEY: key })).toEqual(
      [],
    );
  });

  test('keeps serving for a while after a stop signal in production, and elsewhere if configured', () => {
    const production = { NODE_ENV: 'production', DATABASE_URL: 'postgres://h/d', SECRETS_KEY: key };
    expect(readConfig(production).shutdownDelaySeconds).toBe(2);
    expect(readConfig({ ...production, SHUTDOWN_DELAY_SECONDS: '0' }).shutdownDelaySeconds).toBe(0);
    expect(readConfig({ SHUTDOWN_DELAY_SECONDS: '1' }).shutdownDelaySeconds).toBe(1);
  });

  test('has a playground, in production only when it is switched on', () => {
    const production = { NODE_ENV: 'production', DATABASE_URL: 'postgres://h/d', SECRETS_KEY: key };
    expect(readConfig({ PLAYGROUND: 'off' }).playground).toBe(false);
    expect(readConfig(production).playground).toBe(false);
    expect(readConfig({ ...production, PLAYGROUND: 'on' }).playground).toBe(true);
  });

  test('leaves a request the time for its connection and its statement when the gateway stops', () => {
    const [problem] = problemsOf({ SHUTDOWN_DELAY_SECONDS: '3' });
    expect(problem).toContain('SHUTDOWN_DELAY_SECONDS plus DATABASE_POOL_WAIT_MS');
    expect(problemsOf({ SHUTDOWN_DELAY_SECONDS: '3', DATABASE_STATEMENT_TIMEOUT_MS: '4000' })).toEqual([]);
  });

  test('takes several secrets keys, the newest first', () => {
    const old = Buffer.alloc(32, 1);
    expect(readConfig({ SECRETS_KEY: `${key}, ${old.toString('base64')}` }).secretsKeys).toEqual([
      Buffer.alloc(32, 7),
      old,
    ]);
  });

  test.each([
    [{}, { parentBased: true, ratio: 1 }],
    [{ OTEL_TRACES_SAMPLER: 'always_off' }, { parentBased: false, ratio: 0 }],
    [
      { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' },
      { parentBased: true, ratio: 0.1 },
    ],
  ])('traces once a collector is named, all or as %j says', (variables, tracing) => {
    expect(readConfig(variables).tracing).toBeUndefined();
    for (const name of ['OTEL_EXPORTER_OTLP_ENDPOINT', 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT']) {
      expect(readConfig({ ...variables, [name]: 'http://collector:4318' }).tracing).toEqual(tracing);
    }
  });

  test.each(['redis://redis', 'rediss://user:hunter2@redis:6380/', 'redis://redis:6379/15'])(
    'takes %s for a Redis',
    (url) => {
      expect(readConfig({ REDIS_URL: url }).redisUrl).toBe(url);
    },
  );

  test.each(['redis', 'http://redis', 'redis://redis/limits'])('takes %s for no Redis', (url) => {
    expect(problemsOf({ REDIS_URL: url })).toHaveLength(1);
  });

  test('takes an issuer of JWTs whole or not at all', () => {
    const whole = {
      JWT_JWKS_URL: 'https://issuer.example/jwks',
      JWT_ISSUER: 'https://issuer.example/',
      JWT_AUDIENCE: 'gateway',
    };
    expect(readConfig(whole).jwt).toEqual({
      jwksUrl: 'https://issuer.example/jwks',
      issuer: 'https://issuer.example/',
      audience: 'gateway',
      teamClaim: 'team_id',
      scopesRequired: false,
    });
    expect(readConfig({ ...whole, JWT_SCOPES: 'required' }).jwt?.scopesRequired).toBe(true);
    expect(problemsOf({ ...whole, JWT_AUDIENCE: '' })).toEqual([
      'JWT_AUDIENCE is required with JWT_JWKS_URL and JWT_ISSUER: set all three or none',
    ]);
    expect(problemsOf({ JWT_ISSUER: 'x' })).toHaveLength(2);
  });

  test.each([
    'http://127.0.0.1:8080/jwks',
    'http://localhost/jwks',
    'http://[::1]/jwks',
    'https://a.example/',
  ])('reads keys from %s', (url) => {
    expect(readConfig({ JWT_JWKS_URL: url, JWT_ISSUER: 'i', JWT_AUDIENCE: 'a' }).jwt?.jwksUrl).toBe(url);
  });

  test.each(['http://issuer.example/jwks', 'http://127.0.0.1.issuer.example/', 'file:///etc/passwd', 'jwks'])(
    'reads no keys from %s, where anybody could change them',
    (url) => {
      expect(problemsOf({ JWT_JWKS_URL: url, JWT_ISSUER: 'i', JWT_AUDIENCE: 'a' })).toHaveLength(1);
    },
  );
});
