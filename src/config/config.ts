import { type z } from 'zod';
import { type DatabaseLimits } from '../database/pool-settings.js';
import {
  type environments,
  type logFormats,
  type logLevels,
  type migrateModes,
  type redisFailureModes,
  secretVariables,
  variables,
} from './environment.js';
import { readSecretVariable, type SecretVariable } from './secret-variable.js';
import { shutdownDelaySeconds } from './stop-deadline.js';

/** All settings of the gateway, validated. Nothing else reads `process.env`. */
export interface Config {
  readonly environment: (typeof environments)[number];
  /** Address to listen on. */
  readonly host: string;
  /** TCP port; 0 takes any free one. */
  readonly port: number;
  /** Folder for the embedded PostgreSQL, its password, the secrets key and `demo.json`. */
  readonly dataDir: string;
  /** PostgreSQL to use; without it the gateway runs its own in `dataDir`. */
  readonly databaseUrl: string | undefined;
  /**
   * Address of PostgreSQL itself, if `databaseUrl` is that of a connection pooler. For everything that needs a session: migrations,
   * webhooks and commands.
   */
  readonly databaseDirectUrl: string | undefined;
  /** Whether a start applies pending migrations, or fails. */
  readonly migrate: (typeof migrateModes)[number];
  /** Redis that counts for all gateways together; without it each counts for itself. */
  readonly redisUrl: string | undefined;
  /** While Redis is unavailable: each gateway counts for itself, or callers get 503. */
  readonly redisFailureMode: (typeof redisFailureModes)[number];
  readonly databasePool: DatabaseLimits;
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
    /** Bytes of a GraphQL document. */
    readonly documentBytes: number;
    /** Tokens of a GraphQL document. */
    readonly tokens: number;
    /** Levels of fields of an operation. */
    readonly depth: number;
    readonly aliases: number;
    readonly rootFields: number;
    readonly directives: number;
    /** Fields that the answer could have, with every list as long as it may get. */
    readonly cost: number;
    /** Items of all lists in the JSON of a request. */
    readonly listItems: number;
    /** Fields of all objects in the JSON of a request. */
    readonly inputFields: number;
    /** Bytes of a response. */
    readonly responseBytes: number;
  };
  /** The most that all requests together may hold, and for how long. */
  readonly capacity: {
    /** How long a client may take to send a request, in seconds. */
    readonly requestTimeoutSeconds: number;
    /** How long a client may take to read a response of more than 64 KiB, in seconds. */
    readonly responseTimeoutSeconds: number;
    /** Open connections. */
    readonly connections: number;
    /** Bytes of request bodies of more than 16 KiB. */
    readonly bodyBytes: number;
    /** Bytes of responses in progress. */
    readonly responseBytes: number;
  };
  /** How long the events of changed customers are kept, in days. */
  readonly eventRetentionDays: number;
  /** Days after which a deleted customer is erased. Undefined: never. */
  readonly deletedCustomerRetentionDays: number | undefined;
  readonly webhooks: {
    /** Whether this process delivers events to webhook endpoints. */
    readonly deliver: boolean;
    /** Whether endpoints may have private addresses. */
    readonly allowPrivate: boolean;
    /** Whether the URLs of endpoints must be https. */
    readonly httpsOnly: boolean;
  };
  /** Maximum difference between a request's timestamp and the gateway's clock, in both directions, in seconds. */
  readonly signatureToleranceSeconds: number;
  /**
   * How long the gateway continues to serve requests after a stop signal, in seconds. `/readyz` returns 503 meanwhile, so
   * that the load balancer stops sending requests.
   */
  readonly shutdownDelaySeconds: number;
  /** How long a connection without a request is kept open, in seconds. */
  readonly keepAliveTimeoutSeconds: number;
  /** The token that a scraper of `/metrics` must send. Without it, production has no `/metrics`. */
  readonly metricsToken: string | undefined;
  /** Set if traces are sent to an OpenTelemetry collector. The SDK reads its address itself. */
  readonly tracing: TracingConfig | undefined;
  /** The issuer whose JWTs are accepted, in addition to the gateway's own tokens. */
  readonly jwt: JwtConfig | undefined;
  /** Whether `/` serves the playground, and authenticated introspection is allowed. */
  readonly playground: boolean;
  readonly logLevel: (typeof logLevels)[number];
  /** Human-readable lines (the default in development) or JSON. */
  readonly logFormat: (typeof logFormats)[number];
}

/** Sampling of traces. */
export interface TracingConfig {
  /** Whether the sampling decision of the caller's trace is followed. */
  readonly parentBased: boolean;
  /** The share of other traces that is sampled, from 0 to 1. */
  readonly ratio: number;
}

/** An external issuer of tokens. */
export interface JwtConfig {
  /** URL of its public keys, a JWKS (RFC 7517). */
  readonly jwksUrl: string;
  /** The exact `iss` of its tokens. */
  readonly issuer: string;
  /** The expected `aud` of a token. */
  readonly audience: string;
  /** The claim with the team ID. */
  readonly teamClaim: string;
  /** Whether a token that names no scope of the gateway allows nothing. Otherwise it allows everything. */
  readonly scopesRequired: boolean;
}

/** Thrown by {@link readConfig}; `problems` names every bad variable and what it should be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not valid:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/**
 * Reads the configuration from environment variables, and secrets also from the files that variables name. An empty variable counts
 * as absent.
 *
 * @throws {ConfigError} with every problem at once. Values are never repeated: they may be secrets.
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const values = readVariables(environment);
  return {
    environment: values.NODE_ENV,
    host: values.HOST,
    port: values.PORT,
    dataDir: values.DATA_DIR,
    databaseUrl: values.DATABASE_URL,
    databaseDirectUrl: values.DATABASE_DIRECT_URL,
    migrate: values.MIGRATE,
    redisUrl: values.REDIS_URL,
    redisFailureMode: values.REDIS_FAILURE_MODE,
    databasePool: {
      max: values.DATABASE_POOL_MAX,
      waitMs: values.DATABASE_POOL_WAIT_MS,
      statementTimeoutMs: values.DATABASE_STATEMENT_TIMEOUT_MS,
      listTimeoutMs: values.DATABASE_LIST_TIMEOUT_MS,
      pooler:
        values.DATABASE_DIRECT_URL === undefined
          ? undefined
          : { preparedStatements: values.DATABASE_PREPARED_STATEMENTS === 'on' },
    },
    secretsKeys: values.SECRETS_KEY,
    rateLimit: { max: values.RATE_LIMIT_MAX, windowSeconds: values.RATE_LIMIT_WINDOW_SECONDS },
    bounds: {
      bodyBytes: values.MAX_BODY_BYTES,
      documentBytes: values.GRAPHQL_MAX_DOCUMENT_BYTES,
      tokens: values.GRAPHQL_MAX_TOKENS,
      depth: values.GRAPHQL_MAX_DEPTH,
      aliases: values.GRAPHQL_MAX_ALIASES,
      rootFields: values.GRAPHQL_MAX_ROOT_FIELDS,
      directives: values.GRAPHQL_MAX_DIRECTIVES,
      cost: values.GRAPHQL_MAX_COST,
      listItems: values.GRAPHQL_MAX_LIST_ITEMS,
      inputFields: values.GRAPHQL_MAX_INPUT_FIELDS,
      responseBytes: values.GRAPHQL_MAX_RESPONSE_BYTES,
    },
    capacity: {
      requestTimeoutSeconds: values.REQUEST_TIMEOUT_SECONDS,
      responseTimeoutSeconds: values.RESPONSE_TIMEOUT_SECONDS,
      connections: values.MAX_CONNECTIONS,
      bodyBytes: values.MAX_BUFFERED_BODY_BYTES,
      responseBytes: values.MAX_BUFFERED_RESPONSE_BYTES,
    },
    eventRetentionDays: values.EVENT_RETENTION_DAYS,
    deletedCustomerRetentionDays: values.DELETED_CUSTOMER_RETENTION_DAYS,
    webhooks: {
      deliver: values.WEBHOOKS === 'on',
      allowPrivate: values.WEBHOOK_ALLOW_PRIVATE
        ? values.WEBHOOK_ALLOW_PRIVATE === 'on'
        : values.NODE_ENV === 'development',
      httpsOnly: values.NODE_ENV === 'production',
    },
    signatureToleranceSeconds: values.SIGNATURE_TOLERANCE_SECONDS,
    shutdownDelaySeconds: shutdownDelaySeconds(values),
    keepAliveTimeoutSeconds: values.KEEP_ALIVE_TIMEOUT_SECONDS,
    metricsToken: values.METRICS_TOKEN,
    tracing: tracingOf(values),
    jwt: jwtConfig(values),
    playground: values.PLAYGROUND ? values.PLAYGROUND === 'on' : values.NODE_ENV !== 'production',
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT ?? (values.NODE_ENV === 'development' ? 'pretty' : 'json'),
  };
}

/** @throws {ConfigError} */
function readVariables(environment: NodeJS.ProcessEnv): z.output<typeof variables> {
  const secrets = new Map(secretVariables.map((name) => [name, readSecretVariable(environment, name)]));
  const given = Object.entries({ ...environment, ...valuesOf(secrets) });
  const parsed = variables.safeParse(Object.fromEntries(given.filter(([, value]) => value !== '')));
  const unreadable = [...secrets.values()].flatMap((secret) => ('problem' in secret ? secret.problem : []));
  if (parsed.success && unreadable.length === 0) return parsed.data;
  const invalid = (parsed.error?.issues ?? []).flatMap(({ path, message }) => {
    const name = path.join('.');
    const secret = secrets.get(name);
    // Without its file, nothing is known of a value.
    if (secret && 'problem' in secret) return [];
    return `${secret?.source ?? name} ${message}`;
  });
  throw new ConfigError([...unreadable, ...invalid]);
}

function valuesOf(secrets: ReadonlyMap<string, SecretVariable>): Record<string, string | undefined> {
  return Object.fromEntries(
    Array.from(secrets, ([name, secret]) => [name, 'value' in secret ? secret.value : undefined]),
  );
}

/** The tracing SDK reads its endpoint from its own variables, but not the sampler. */
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
  return {
    jwksUrl,
    issuer,
    audience,
    teamClaim: values.JWT_TEAM_CLAIM,
    scopesRequired: values.JWT_SCOPES === 'required',
  };
}
