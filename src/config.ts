import { z } from 'zod';
import { KEY_BYTES } from './auth/secret-box.js';
import { type PoolSettings } from './database/pool.js';
import { isLoopback } from './http/loopback.js';
import { wholeNumber } from './validation/whole-number.js';

/** Everything the gateway can be told from outside, validated. Nothing else reads `process.env`. */
export interface Config {
  readonly environment: 'development' | 'test' | 'production';
  /** Address to listen on. */
  readonly host: string;
  /** TCP port; 0 takes any free one. */
  readonly port: number;
  /** Folder for the embedded PostgreSQL, its password, the secrets key and `demo.json`. */
  readonly dataDir: string;
  /** PostgreSQL to use; without it the gateway runs its own in `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** Redis that counts for all gateways together; without it each counts for itself. */
  readonly redisUrl: string | undefined;
  /** While Redis does not answer: each gateway counts for itself, or callers get 503. */
  readonly redisFailureMode: (typeof redisFailureModes)[number];
  readonly databasePool: PoolSettings;
  /** 256-bit keys for secrets at rest: the first encrypts, all decrypt. Empty: one is kept in `dataDir`. */
  readonly secretsKeys: readonly Buffer[];
  readonly rateLimit: {
    /** Root fields that one client may run in a window. */
    readonly max: number;
    readonly windowSeconds: number;
  };
  /** The most that one request may ask for. */
  readonly bounds: {
    /** Bytes of a request's body. */
    readonly bodyBytes: number;
    /** Tokens of a GraphQL document. */
    readonly tokens: number;
    /** Levels of fields of an operation. */
    readonly depth: number;
    readonly aliases: number;
    readonly rootFields: number;
    readonly directives: number;
    /** Fields that the answer could have, with every list as long as it may get. */
    readonly cost: number;
    /** Items of all lists in the variables. */
    readonly listItems: number;
  };
  /** How far a request's timestamp may be from our clock, either way, in seconds. */
  readonly signatureToleranceSeconds: number;
  /**
   * How long the gateway goes on serving once it is told to stop, with `/readyz` false, so that whoever balances the load
   * sends no more; in seconds.
   */
  readonly shutdownDelaySeconds: number;
  /** What a scraper of `/metrics` must send; in production nothing is shown without one. */
  readonly metricsToken: string | undefined;
  /** Set when traces go to an OpenTelemetry collector; where that is, the SDK reads by itself. */
  readonly tracing: TracingConfig | undefined;
  /** The issuer whose JWTs are taken as tokens, beside our own; without it only our own are. */
  readonly jwt: JwtConfig | undefined;
  /** Whether `/` is a page to try the API in, and introspection is answered to those who sign. */
  readonly playground: boolean;
  readonly logLevel: (typeof logLevels)[number];
}

/** The gateway has ended this long after it was told to stop, in ms: what container platforms grant, or less. */
export const STOP_DEADLINE_MS = 10_000;

/** What is left of that for a request beside its wait for a connection and its statement, in ms. */
const STOP_MARGIN_MS = 1_000;

const MS_PER_SECOND = 1_000;

/** Long enough for a load balancer to hear of it, in seconds. */
const PRODUCTION_SHUTDOWN_DELAY_SECONDS = 2;

/** Which requests become traces. */
export interface TracingConfig {
  /** Whether a caller's own trace is kept when, and only when, the caller keeps it. */
  readonly parentBased: boolean;
  /** The share of the others that is kept, from 0 to 1. */
  readonly ratio: number;
}

/** An operator's own issuer of tokens. */
export interface JwtConfig {
  /** Where its public keys are: a JWKS (RFC 7517). */
  readonly jwksUrl: string;
  /** The `iss` of its tokens, character for character. */
  readonly issuer: string;
  /** What must stand in `aud` for a token to be meant for us. */
  readonly audience: string;
  /** The claim that has the id of the team. */
  readonly teamClaim: string;
}

/** Thrown by {@link readConfig}; `problems` names every bad variable and what it should be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const redisFailureModes = ['per-process', 'refuse'] as const;

/** Values of `OTEL_TRACES_SAMPLER`: https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/. */
const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

const databaseUrl = z.string().refine((value) => {
  const url = URL.parse(value);
  return url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1;
}, 'must look like postgresql://user:password@host:5432/database');

const redisUrl = z.string().refine((value) => {
  const url = URL.parse(value);
  return url !== null && /^rediss?:$/.test(url.protocol) && /^(\/\d*)?$/.test(url.pathname);
}, 'must look like redis://user:password@host:6379/0, or rediss:// for TLS');

/** Who can change the keys on their way to us can be anybody, so they travel by TLS or not at all. */
const keysUrl = z.string().refine((value) => {
  const url = URL.parse(value);
  if (url === null || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}, 'must be an https URL without a user (http only for a loopback host)');

const secretsKeys = z
  .string()
  .transform((list) => list.split(',').map((key) => Buffer.from(key.trim(), 'base64')))
  .refine(
    (keys) => keys.every((key) => key.length === KEY_BYTES),
    `must be base64 of ${KEY_BYTES} bytes (openssl rand -base64 ${KEY_BYTES}), or several of them with commas between`,
  );

/**
 * The bounds' defaults, a few times above what our own operations need (`examples/examples.graphql`; a test counts
 * them): 625 tokens with all of them in one document, 5 levels, 1 root field, no alias, no directive, and an answer of
 * 94,217 fields for a full bulk. Root fields and aliases: what the Apollo Router's page on request limits shows.
 * Directives: graphql-armor's own default. List items: a bulk of 100 rows may have 20,100 (50 pairs of metadata, 50
 * contacts each to add, update and remove).
 */
const bounds = {
  bodyBytes: 1_048_576,
  tokens: 2_500,
  depth: 10,
  aliases: 30,
  rootFields: 20,
  directives: 50,
  cost: 400_000,
  listItems: 25_000,
} as const;

function shutdownDelaySeconds(values: {
  readonly NODE_ENV: Config['environment'];
  readonly SHUTDOWN_DELAY_SECONDS?: number | undefined;
}): number {
  const standard = values.NODE_ENV === 'production' ? PRODUCTION_SHUTDOWN_DELAY_SECONDS : 0;
  return values.SHUTDOWN_DELAY_SECONDS ?? standard;
}

/** What a Bearer token may be made of (RFC 6750, 2.1), long enough not to be guessed. */
const metricsToken = z
  .string()
  .regex(
    /^[A-Za-z0-9._~+/-]{32,}=*$/,
    'must be at least 32 letters, digits or - . _ ~ + / (openssl rand -hex 32)',
  );

const collectorUrl = z.url({ protocol: /^https?$/, error: 'must look like http://collector:4318' });

/** What an issuer needs; all of them or none. */
const jwtVariables = ['JWT_JWKS_URL', 'JWT_ISSUER', 'JWT_AUDIENCE'] as const;

const variables = z
  .object({
    NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
    HOST: z.string().default('127.0.0.1'),
    PORT: wholeNumber(0, 65_535).default(4000),
    DATA_DIR: z.string().default('.data'),
    DATABASE_URL: databaseUrl.optional(),
    REDIS_URL: redisUrl.optional(),
    REDIS_FAILURE_MODE: z.enum(redisFailureModes).default('per-process'),
    DATABASE_POOL_MAX: wholeNumber(1, 1_000).default(10),
    DATABASE_POOL_WAIT_MS: wholeNumber(1, STOP_DEADLINE_MS).default(2_000),
    DATABASE_STATEMENT_TIMEOUT_MS: wholeNumber(1, STOP_DEADLINE_MS).default(5_000),
    SECRETS_KEY: secretsKeys.default([]),
    RATE_LIMIT_MAX: wholeNumber(1, 1_000_000_000).default(100),
    RATE_LIMIT_WINDOW_SECONDS: wholeNumber(1, 86_400).default(60),
    MAX_BODY_BYTES: wholeNumber(1, 1_000_000_000).default(bounds.bodyBytes),
    GRAPHQL_MAX_TOKENS: wholeNumber(1, 1_000_000_000).default(bounds.tokens),
    GRAPHQL_MAX_DEPTH: wholeNumber(1, 1_000_000_000).default(bounds.depth),
    GRAPHQL_MAX_ALIASES: wholeNumber(0, 1_000_000_000).default(bounds.aliases),
    GRAPHQL_MAX_ROOT_FIELDS: wholeNumber(1, 1_000_000_000).default(bounds.rootFields),
    GRAPHQL_MAX_DIRECTIVES: wholeNumber(0, 1_000_000_000).default(bounds.directives),
    GRAPHQL_MAX_COST: wholeNumber(1, 1_000_000_000).default(bounds.cost),
    GRAPHQL_MAX_LIST_ITEMS: wholeNumber(1, 1_000_000_000).default(bounds.listItems),
    SIGNATURE_TOLERANCE_SECONDS: wholeNumber(1, 86_400).default(300),
    SHUTDOWN_DELAY_SECONDS: wholeNumber(0, STOP_DEADLINE_MS / MS_PER_SECOND).optional(),
    METRICS_TOKEN: metricsToken.optional(),
    OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl.optional(),
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: collectorUrl.optional(),
    OTEL_TRACES_SAMPLER: z.enum(samplers).default('parentbased_always_on'),
    OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
    JWT_JWKS_URL: keysUrl.optional(),
    JWT_ISSUER: z.string().optional(),
    JWT_AUDIENCE: z.string().optional(),
    JWT_TEAM_CLAIM: z.string().default('team_id'),
    PLAYGROUND: z.enum(['on', 'off']).optional(),
    LOG_LEVEL: z.enum(logLevels).default('info'),
  })
  .superRefine((values, context) => {
    const absent = jwtVariables.filter((name) => values[name] === undefined);
    if (absent.length === jwtVariables.length) return;
    for (const name of absent) {
      context.addIssue({
        code: 'custom',
        path: [name],
        message: `goes with ${jwtVariables.filter((other) => other !== name).join(' and ')}: set all or none`,
      });
    }
  })
  .superRefine((values, context) => {
    const requestMs = values.DATABASE_POOL_WAIT_MS + values.DATABASE_STATEMENT_TIMEOUT_MS;
    const stopMs = shutdownDelaySeconds(values) * MS_PER_SECOND + requestMs;
    if (stopMs > STOP_DEADLINE_MS - STOP_MARGIN_MS) {
      context.addIssue({
        code: 'custom',
        path: ['SHUTDOWN_DELAY_SECONDS'],
        message:
          'with DATABASE_POOL_WAIT_MS and DATABASE_STATEMENT_TIMEOUT_MS must be at most ' +
          `${(STOP_DEADLINE_MS - STOP_MARGIN_MS) / MS_PER_SECOND} seconds, so that requests finish when the gateway stops`,
      });
    }
    if (values.NODE_ENV !== 'production') return;
    if (values.DATABASE_URL === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['DATABASE_URL'],
        message: 'is required when NODE_ENV is production',
      });
    }
    if (values.SECRETS_KEY.length === 0) {
      context.addIssue({
        code: 'custom',
        path: ['SECRETS_KEY'],
        message: 'is required when NODE_ENV is production',
      });
    }
  });

/**
 * Reads the configuration from environment variables; an empty variable counts as absent.
 *
 * @throws {ConfigError} with every problem at once. Values are never repeated: they may be secrets.
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = variables.safeParse(present);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`));
  }
  const values = parsed.data;
  return {
    environment: values.NODE_ENV,
    host: values.HOST,
    port: values.PORT,
    dataDir: values.DATA_DIR,
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL,
    redisFailureMode: values.REDIS_FAILURE_MODE,
    databasePool: {
      max: values.DATABASE_POOL_MAX,
      waitMs: values.DATABASE_POOL_WAIT_MS,
      statementTimeoutMs: values.DATABASE_STATEMENT_TIMEOUT_MS,
    },
    secretsKeys: values.SECRETS_KEY,
    rateLimit: { max: values.RATE_LIMIT_MAX, windowSeconds: values.RATE_LIMIT_WINDOW_SECONDS },
    bounds: {
      bodyBytes: values.MAX_BODY_BYTES,
      tokens: values.GRAPHQL_MAX_TOKENS,
      depth: values.GRAPHQL_MAX_DEPTH,
      aliases: values.GRAPHQL_MAX_ALIASES,
      rootFields: values.GRAPHQL_MAX_ROOT_FIELDS,
      directives: values.GRAPHQL_MAX_DIRECTIVES,
      cost: values.GRAPHQL_MAX_COST,
      listItems: values.GRAPHQL_MAX_LIST_ITEMS,
    },
    signatureToleranceSeconds: values.SIGNATURE_TOLERANCE_SECONDS,
    shutdownDelaySeconds: shutdownDelaySeconds(values),
    metricsToken: values.METRICS_TOKEN,
    tracing: tracingOf(values),
    jwt: jwtConfig(values),
    playground: values.PLAYGROUND ? values.PLAYGROUND === 'on' : values.NODE_ENV !== 'production',
    logLevel: values.LOG_LEVEL,
  };
}

/** The SDK for traces reads where to send them from its own variables; how to choose them it leaves to us. */
function tracingOf(values: z.output<typeof variables>): TracingConfig | undefined {
  const endpoint = values.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? values.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined) return undefined;
  const sampler = values.OTEL_TRACES_SAMPLER;
  const ratioOf = () => {
    if (sampler.endsWith('always_on')) return 1;
    if (sampler.endsWith('always_off')) return 0;
    return values.OTEL_TRACES_SAMPLER_ARG;
  };
  return { parentBased: sampler.startsWith('parentbased_'), ratio: ratioOf() };
}

function jwtConfig(values: z.output<typeof variables>): JwtConfig | undefined {
  const { JWT_JWKS_URL: jwksUrl, JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = values;
  if (jwksUrl === undefined || issuer === undefined || audience === undefined) return undefined;
  return { jwksUrl, issuer, audience, teamClaim: values.JWT_TEAM_CLAIM };
}
