import { z } from 'zod';
import { checkTogether } from './rules-together.js';
import { STOP_DEADLINE_MS } from './stop-deadline.js';
import { collectorUrl, databaseUrl, keysUrl, metricsToken, redisUrl, secretsKeys } from './value-rules.js';
import { wholeNumber } from './whole-number.js';

const MS_PER_SECOND = 1_000;

export const environments = ['development', 'test', 'production'] as const;

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export const logFormats = ['pretty', 'json'] as const;

export const migrateModes = ['start', 'off'] as const;

export const redisFailureModes = ['per-process', 'refuse'] as const;

/** Values of `OTEL_TRACES_SAMPLER`: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/. */
const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

/**
 * The bounds' defaults, a few times above what our own operations need (`examples/examples.graphql`; a test counts
 * them): 1,106 tokens and 7,627 bytes with all of them in one document, 5 levels, 1 root field, no alias, no directive, and a response
 * of 94,217 fields for a full bulk. Root fields and aliases: what the Apollo Router's page on request limits shows.
 * Directives: graphql-armor's own default. List items: a bulk of 100 rows may have 20,100 (50 pairs of metadata, 50
 * contacts each to add, update and remove). Fields: 37,304 for a full bulk create; a full bulk update exceeds the bytes of a body.
 */
const bounds = {
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
} as const;

/**
 * Longer than load balancers keep an idle connection, so that they close it first: one that the gateway closes may already
 * carry the next request, which the balancer answers with 502. Google Cloud's keep theirs for 600 s, which cannot be changed,
 * and ask for more (https://cloud.google.com/load-balancing/docs/https#timeout-keepalive-backends); those of AWS keep
 * theirs for 60 s by default, nginx for 60 s, Caddy for 120 s.
 */
const KEEP_ALIVE_TIMEOUT_SECONDS = 620;

declare module 'zod' {
  interface GlobalMeta {
    /** The default in the documentation, for a setting whose default depends on others. */
    readonly defaultText?: string;
    /** Whether the value is a secret. It can then be in a file that the variable with the suffix `_FILE` names. */
    readonly isSecret?: boolean;
  }
}

/**
 * The environment variables, with their rules, defaults and descriptions. An absent one without a default is undefined.
 * `npm run settings` writes the descriptions to docs/configuration.md.
 */
export const variables = z
  .object({
    NODE_ENV: z
      .enum(environments)
      .default('development')
      .describe(
        '`development`, `test` or `production`. Development creates the demo client. Production disables introspection, unless `PLAYGROUND=on`',
      ),
    HOST: z.string().default('127.0.0.1').describe('Address to listen on'),
    PORT: wholeNumber(0, 65_535).default(4000).describe('TCP port. 0 takes any free port'),
    DATA_DIR: z
      .string()
      .default('.data')
      .describe('Folder of the embedded PostgreSQL, the generated secrets key and `demo.json`'),
    DATABASE_URL: databaseUrl.optional().meta({
      description:
        '`postgresql://user:password@host:5432/database`, with `?sslmode=verify-full` for TLS. If unset, the gateway starts the embedded PostgreSQL. Required in production',
      isSecret: true,
    }),
    DATABASE_DIRECT_URL: databaseUrl.optional().meta({
      description:
        'Address of PostgreSQL itself, if `DATABASE_URL` is that of a connection pooler, such as PgBouncer. Migrations, webhooks and commands use it. See [Connection poolers](connection-poolers.md)',
      isSecret: true,
    }),
    DATABASE_PREPARED_STATEMENTS: z
      .enum(['on', 'off'])
      .default('on')
      .describe(
        'Whether statements are prepared. `off` only behind a connection pooler that does not support it, such as PgBouncer before 1.21',
      ),
    MIGRATE: z
      .enum(migrateModes)
      .default('start')
      .describe(
        '`start`: a start applies pending migrations. `off`: a start with pending migrations fails; run `customer-gateway migrate` before',
      ),
    REDIS_URL: redisUrl.optional().meta({
      description:
        '`redis://user:password@host:6379/0`, or `rediss://` for TLS. All gateways with the same Redis share rate limits and used signatures. If unset, each gateway counts on its own',
      isSecret: true,
    }),
    REDIS_FAILURE_MODE: z
      .enum(redisFailureModes)
      .default('per-process')
      .describe(
        'While Redis is unavailable: `per-process`, each gateway counts on its own; `refuse`, the response is 503',
      ),
    DATABASE_POOL_MAX: wholeNumber(2, 1_000)
      .default(10)
      .describe(
        'Maximum connections of one gateway to PostgreSQL for requests, at least 2; a quarter is reserved for lists. Webhooks use 5 more',
      ),
    DATABASE_POOL_WAIT_MS: wholeNumber(1, STOP_DEADLINE_MS)
      .default(2_000)
      .describe(
        'Maximum wait of a request for a free connection, of the pool or of PostgreSQL, in ms. Then the response is 503',
      ),
    DATABASE_STATEMENT_TIMEOUT_MS: wholeNumber(1, STOP_DEADLINE_MS)
      .default(5_000)
      .describe(
        'Maximum duration of a statement, including lock waits, in ms. Then it is cancelled and the response is 503',
      ),
    DATABASE_LIST_TIMEOUT_MS: wholeNumber(1, STOP_DEADLINE_MS)
      .default(1_000)
      .describe(
        'Maximum duration of the statement of a list, in ms. Then it is cancelled and the response is `QUERY_TOO_SLOW`',
      ),
    SECRETS_KEY: secretsKeys.default([]).meta({
      description:
        'Encrypts stored secrets: base64 of 32 bytes (`openssl rand -base64 32`). In a comma-separated list, the first key encrypts and all keys decrypt. Outside production, a key is generated in `DATA_DIR`. Required in production',
      defaultText: 'generated',
      isSecret: true,
    }),
    RATE_LIMIT_MAX: wholeNumber(1, 1_000_000_000)
      .default(100)
      .describe('Root fields that one client may run in a window'),
    RATE_LIMIT_WINDOW_SECONDS: wholeNumber(1, 86_400)
      .default(60)
      .describe('Length of the window, in seconds'),
    MAX_BODY_BYTES: wholeNumber(1, 1_000_000_000)
      .default(bounds.bodyBytes)
      .describe('Maximum request body, in bytes'),
    GRAPHQL_MAX_DOCUMENT_BYTES: wholeNumber(1, 1_000_000_000)
      .default(bounds.documentBytes)
      .describe('Maximum bytes of a document'),
    GRAPHQL_MAX_TOKENS: wholeNumber(1, 1_000_000_000)
      .default(bounds.tokens)
      .describe('Maximum tokens of a document'),
    GRAPHQL_MAX_DEPTH: wholeNumber(1, 1_000_000_000)
      .default(bounds.depth)
      .describe('Maximum depth of fields of an operation'),
    GRAPHQL_MAX_ALIASES: wholeNumber(0, 1_000_000_000)
      .default(bounds.aliases)
      .describe('Maximum aliases of an operation'),
    GRAPHQL_MAX_ROOT_FIELDS: wholeNumber(1, 1_000_000_000)
      .default(bounds.rootFields)
      .describe('Maximum root fields of an operation'),
    GRAPHQL_MAX_DIRECTIVES: wholeNumber(0, 1_000_000_000)
      .default(bounds.directives)
      .describe('Maximum directives of an operation'),
    GRAPHQL_MAX_COST: wholeNumber(1, 1_000_000_000)
      .default(bounds.cost)
      .describe('Maximum fields that a response could have, with every list at its maximum length'),
    GRAPHQL_MAX_LIST_ITEMS: wholeNumber(1, 1_000_000_000)
      .default(bounds.listItems)
      .describe('Maximum items of all lists in the JSON of a request'),
    GRAPHQL_MAX_INPUT_FIELDS: wholeNumber(1, 1_000_000_000)
      .default(bounds.inputFields)
      .describe('Maximum fields of all objects in the JSON of a request'),
    GRAPHQL_MAX_RESPONSE_BYTES: wholeNumber(1, 1_000_000_000)
      .default(bounds.responseBytes)
      .describe('Maximum bytes of a response'),
    REQUEST_TIMEOUT_SECONDS: wholeNumber(1, 3_600)
      .default(15)
      .describe('How long a client may take to send a request, in seconds'),
    RESPONSE_TIMEOUT_SECONDS: wholeNumber(1, 3_600)
      .default(30)
      .describe('How long a client may take to read a response of more than 64 KiB, in seconds'),
    MAX_CONNECTIONS: wholeNumber(1, 1_000_000)
      .default(1_000)
      .describe('Maximum open connections; further ones are closed'),
    MAX_BUFFERED_BODY_BYTES: wholeNumber(1, 1_000_000_000_000)
      .default(67_108_864)
      .describe(
        'Maximum bytes of all request bodies of more than 16 KiB in progress; one client may hold half',
      ),
    MAX_BUFFERED_RESPONSE_BYTES: wholeNumber(1, 1_000_000_000_000)
      .default(134_217_728)
      .describe('Maximum bytes of all responses in progress; one client may hold half'),
    EVENT_RETENTION_DAYS: wholeNumber(1, 3_650)
      .default(90)
      .describe('How long the events of changed customers are kept, in days'),
    DELETED_CUSTOMER_RETENTION_DAYS: wholeNumber(1, 3_650).optional().meta({
      description:
        'Days after which a deleted customer is erased: its personal data is removed and it cannot be restored',
      defaultText: 'never',
    }),
    WEBHOOKS: z
      .enum(['on', 'off'])
      .default('on')
      .describe(
        'Whether the gateway delivers events to webhook endpoints. `off` if `customer-gateway work` does so in other processes',
      ),
    WEBHOOK_ALLOW_PRIVATE: z.enum(['on', 'off']).optional().meta({
      description:
        'Whether webhook endpoints may have private addresses, such as `localhost`. `on` lets partners send requests into the network of the gateway',
      defaultText: '`on` in development, else `off`',
    }),
    SIGNATURE_TOLERANCE_SECONDS: wholeNumber(1, 86_400)
      .default(300)
      .describe("Maximum difference between `x-timestamp` and the gateway's clock, either way, in seconds"),
    SHUTDOWN_DELAY_SECONDS: wholeNumber(0, STOP_DEADLINE_MS / MS_PER_SECOND)
      .optional()
      .meta({
        description:
          'Time between a stop signal and the end of serving, in seconds. `/readyz` returns 503 in that time',
        defaultText: '`0`, in production `2`',
      }),
    KEEP_ALIVE_TIMEOUT_SECONDS: wholeNumber(1, 86_400)
      .default(KEEP_ALIVE_TIMEOUT_SECONDS)
      .describe(
        'Time after which an idle connection is closed, in seconds. Must be longer than the idle timeout of the proxy or load balancer in front',
      ),
    METRICS_TOKEN: metricsToken.optional().meta({
      description:
        'Token that a scraper of `/metrics` sends as `Authorization: Bearer`. In production, `/metrics` is not served without it',
      isSecret: true,
    }),
    OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl
      .optional()
      .describe(
        'OpenTelemetry collector that receives traces, such as `http://collector:4318`. If neither this nor the next variable is set, tracing is off',
      ),
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collectorUrl
      .optional()
      .describe(
        'Complete URL for traces, such as `http://collector:4318/v1/traces`; takes precedence over `OTEL_EXPORTER_OTLP_ENDPOINT`',
      ),
    OTEL_TRACES_SAMPLER: z
      .enum(samplers)
      .default('parentbased_always_on')
      .describe('`always_on`, `always_off`, `traceidratio`, or one of these after `parentbased_`'),
    OTEL_TRACES_SAMPLER_ARG: z.coerce
      .number()
      .min(0)
      .max(1)
      .default(1)
      .describe('Fraction of traces that `traceidratio` samplers record, from 0 to 1'),
    JWT_JWKS_URL: keysUrl
      .optional()
      .describe(
        'URL of the keys of the issuer whose JWTs are accepted as tokens (https). Set all of `JWT_JWKS_URL`, `JWT_ISSUER` and `JWT_AUDIENCE`, or none',
      ),
    JWT_ISSUER: z.string().optional().describe('`iss` of accepted JWTs'),
    JWT_AUDIENCE: z
      .string()
      .optional()
      .describe("`aud` of accepted JWTs: the gateway's identifier at the issuer"),
    JWT_TEAM_CLAIM: z.string().default('team_id').describe('Claim that holds the team ID'),
    JWT_SCOPES: z
      .enum(['optional', 'required'])
      .default('optional')
      .describe(
        'What a JWT allows that names no scope of the gateway in `scope` or `scp`: everything (`optional`) or nothing (`required`)',
      ),
    PLAYGROUND: z.enum(['on', 'off']).optional().meta({
      description:
        'Whether the playground is served at `/`. In production, `on` also enables introspection for signed requests and `/schema.graphql`',
      defaultText: '`on`, in production `off`',
    }),
    LOG_LEVEL: z
      .enum(logLevels)
      .default('info')
      .describe('`fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`'),
    LOG_FORMAT: z.enum(logFormats).optional().meta({
      description: '`pretty`: readable lines. `json`: one JSON object per line',
      defaultText: '`pretty` in development, else `json`',
    }),
  })
  .superRefine(checkTogether);

/** The variables whose values are secrets. */
export const secretVariables: readonly string[] = Object.entries(variables.shape)
  .filter(([, variable]) => variable.meta()?.isSecret === true)
  .map(([name]) => name);
