import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type MikroORM } from '@mikro-orm/postgresql';
import { type FastifyBaseLogger } from 'fastify';
import { ClientCache } from './auth/client-cache.js';
import { ReplayGuard } from './auth/replay-guard.js';
import { openSecretBox } from './auth/secrets-keys.js';
import { type ReadGrant, TokenCache } from './auth/token-cache.js';
import { ByteBudget } from './concurrency/byte-budget.js';
import { ClientTurns } from './concurrency/client-turns.js';
import { PublishedDocuments } from './documents/published-documents.js';
import { type Config, type JwtConfig, type TracingConfig } from './config/config.js';
import { openCustomerRepository } from './customers/customer-repository.js';
import { connectDatabase, type Database } from './orm/database.js';
import { migrateIfPending } from './orm/migrate.js';
import { type WaitReason } from './orm/migration-lock.js';
import { isIndexBuild, pendingTableMigrations } from './orm/pending-migrations.js';
import { requireMigrated } from './orm/schema-state.js';
import { requireSupportedServer } from './orm/require-supported-server.js';
import { effectiveTimeouts } from './database/effective-timeouts.js';
import { SchemaWatch } from './orm/schema-watch.js';
import { type EmbeddedPostgres } from './database/embedded-postgres.js';
import { watchPool } from './database/watch-pool.js';
import { type DemoCredentials, ensureDemo } from './demo.js';
import { CLOSE_MARGIN_MS, STOP_DEADLINE_MS } from './config/stop-deadline.js';
import { startApollo } from './graphql/apollo.js';
import { eraseExpired } from './customers/erase/erase-expired.js';
import { removeExpiredEvents } from './customers/events/remove-expired-events.js';
import { startSweeps } from './database/sweep.js';
import { createApp } from './http/app.js';
import { Draining } from './http/draining.js';
import { FairStart } from './concurrency/fair-start.js';
import { addGraphQLRoute, GRAPHQL_PATH } from './http/graphql-route.js';
import { addHealthRoutes } from './http/health-routes.js';
import { removeExpiredKeys } from './idempotency/remove-expired-keys.js';
import { addMetricsRoute } from './http/metrics-route.js';
import { addSchemaRoute } from './http/schema-route.js';
import { type FindOutage } from './errors/unavailable.js';
import { Metrics } from './observability/metrics.js';
import { observeRequests } from './observability/observe-requests.js';
import type { Tracing } from './observability/tracing.js';
import { ClientLimits } from './rate-limit/client-limits.js';
import { type Limiter } from './rate-limit/limiter.js';
import { SlidingWindow } from './rate-limit/sliding-window.js';
import { type Redis } from './redis/redis.js';
import { removeOldDeliveries } from './webhooks/deliveries/remove-old-deliveries.js';
import { openWebhooks } from './webhooks/open-webhooks.js';
import type { WebhookWorker, WebhookWorkerOptions } from './webhooks/webhook-worker.js';

const MS_PER_SECOND = 1_000;

/** Heavy requests of one client at the same time: one is read from PostgreSQL or from the client while the other is sent. */
const HEAVY_REQUESTS = 2;

/** A running gateway. */
export interface Gateway {
  /** URL of the GraphQL endpoint, such as `http://127.0.0.1:4000/graphql`. */
  readonly url: string;
  /** URL of the playground, if it is on. */
  readonly playgroundUrl: string | undefined;
  /** In development: the demo credentials and the file that holds them. */
  readonly demo: { readonly credentials: DemoCredentials; readonly file: string } | undefined;
  /**
   * Reports not ready, keeps serving for the configured delay, then accepts no more connections, finishes the requests in progress
   * and closes the database, and stops an embedded server that no other process uses.
   */
  close(): Promise<void>;
}

/**
 * Opens a gateway on a running database server. If a step fails, everything opened before is closed, except the server.
 *
 * @param signal - aborts the start.
 */
export async function openGateway(
  config: Config,
  log: FastifyBaseLogger,
  server: EmbeddedPostgres,
  signal: AbortSignal | undefined,
): Promise<Gateway> {
  const metrics = new Metrics();
  const schema = new SchemaWatch(log);
  const findOutage: FindOutage = (error) => schema.asUnavailable(error);
  const app = createApp(config, log, metrics, findOutage);
  const draining = new Draining(app);
  const tracing = config.tracing && (await openTracing(config.tracing, log));
  const database = await connectDatabase(server.url, config);
  let redis: Redis | undefined;
  try {
    if (config.redisUrl) redis = await openRedis(config.redisUrl, config, log);
    const { orm } = database;
    // The schema is built while PostgreSQL is asked.
    const [apollo] = await Promise.all([
      startApollo(config, log, findOutage),
      prepareDatabase(database, config, log, signal),
    ]);
    const pool = await orm.em.getConnection().getNativeClient();
    schema.watch(pool);
    await schema.check();
    signal?.throwIfAborted();

    const box = await openSecretBox(config);
    const customers = await openCustomerRepository(orm, database.lists);
    const signatureToleranceMs = config.signatureToleranceSeconds * MS_PER_SECOND;
    const window = new SlidingWindow(config.rateLimit.max, config.rateLimit.windowSeconds * MS_PER_SECOND);
    const clients = new ClientCache(orm, box, (clientId, error) => {
      log.error({ err: error, clientId }, 'a client secret cannot be decrypted');
    });
    const webhooks = openWebhooks(orm, box, database.lists, config.webhooks);
    const starts = new FairStart();
    addGraphQLRoute(app, {
      apollo,
      bounds: config.bounds,
      starts,
      heavy: new ClientTurns(HEAVY_REQUESTS, config.databasePool.waitMs, starts),
      responseTimeoutMs: config.capacity.responseTimeoutSeconds * MS_PER_SECOND,
      responses: {
        bytes: config.bounds.responseBytes,
        budget: new ByteBudget(config.capacity.responseBytes),
      },
      customers,
      webhooks,
      documents: new PublishedDocuments(orm),
      clients,
      tokens: new TokenCache(orm, config.jwt && (await openJwtReader(orm, config.jwt))),
      replays: new ReplayGuard(signatureToleranceMs, redis),
      limits: new ClientLimits(redis ? await sharedLimiter(redis, window) : window),
      signatureToleranceMs,
      tracing,
    });
    const pools = [pool, database.lists];
    for (const watched of pools) tracing?.watch(watched);
    const endWatch = watchPool(pool, log);
    metrics.watch(pools, redis, () => customers.eventsLag());
    observeRequests(app, metrics);
    addMetricsRoute(app, metrics, config);
    await addSchemaRoute(app, config);
    const askDependencies = async () => {
      redis?.checkReady();
      await schema.check();
    };
    addHealthRoutes(app, askDependencies, draining);
    let demo: DemoCredentials | undefined;
    if (config.playground) {
      // Loaded only if it is served.
      const { addPlaygroundRoutes } = await import('./playground/playground-routes.js');
      await addPlaygroundRoutes(app, GRAPHQL_PATH, () => demo);
    }

    const address = await app.listen({ host: config.host, port: config.port });
    const url = new URL(GRAPHQL_PATH, address).href;
    const demoFile = join(config.dataDir, 'demo.json');
    if (config.environment === 'development') demo = await ensureDemo(orm, box, demoFile, url, log);
    const worker = config.webhooks.deliver
      ? await openWebhookWorker({
          orm,
          databaseUrl: database.directUrl,
          box,
          registry: metrics.registry,
          log,
          ...config.webhooks,
        })
      : undefined;
    if (worker) metrics.watchWebhooks(() => worker.queueLength());
    const { deletedCustomerRetentionDays } = config;
    const sweeps = startSweeps(log, [
      { name: 'idempotency keys', run: (stopping) => removeExpiredKeys(orm, stopping) },
      {
        name: 'webhook deliveries',
        run: (stopping) => removeOldDeliveries(orm, config.eventRetentionDays, stopping),
      },
      { name: 'events', run: (stopping) => removeExpiredEvents(orm, config.eventRetentionDays, stopping) },
      // Last, because it takes the longest.
      ...(deletedCustomerRetentionDays === undefined
        ? []
        : [
            {
              name: 'deleted customers',
              run: (stopping: AbortSignal) =>
                eraseExpired(orm, customers, deletedCustomerRetentionDays, stopping),
            },
          ]),
    ]);
    return {
      url,
      playgroundUrl: config.playground ? new URL('/', url).href : undefined,
      demo: demo && { credentials: demo, file: demoFile },
      async close() {
        const deadline = performance.now() + STOP_DEADLINE_MS;
        const delayMs = config.shutdownDelaySeconds * MS_PER_SECOND;
        draining.begin();
        const workerStops = worker?.stop(STOP_DEADLINE_MS - CLOSE_MARGIN_MS);
        await sleep(delayMs);
        await draining.finish(STOP_DEADLINE_MS - delayMs - CLOSE_MARGIN_MS);
        await clients.close();
        await apollo.stop();
        await sweeps.stop();
        await workerStops;
        redis?.close();
        endWatch();
        await database.close();
        await server.stop();
        await tracing?.stop(deadline - performance.now());
      },
    };
  } catch (error) {
    await app.close();
    redis?.close();
    await database.close();
    throw error;
  }
}

/** @throws {StartError} if the gateway cannot use the database, or migrations are pending and `MIGRATE` is `off`. */
async function prepareDatabase(
  { orm, directUrl }: Database,
  { migrate, databasePool, databaseUrl }: Config,
  log: FastifyBaseLogger,
  signal: AbortSignal | undefined,
): Promise<void> {
  const pool = await orm.em.getConnection().getNativeClient();
  await requireSupportedServer(pool);
  if (databasePool.pooler && (await effectiveTimeouts(pool)).statementMs === 0) {
    log.warn('the role in DATABASE_URL has no statement_timeout; run customer-gateway doctor');
  }
  if (migrate === 'off') {
    await requireMigrated(pool);
  } else {
    const onWait = (reason: WaitReason) => {
      log.info(`waiting: ${reason}`);
    };
    // The embedded database has no operator who runs `migrate`.
    const leaveIndexBuilds = databaseUrl !== undefined;
    const migrations = await migrateIfPending(pool, directUrl, { onWait, signal, leaveIndexBuilds });
    if (migrations.length > 0) log.info({ migrations }, 'migrated');
  }
  const indexBuilds = (await pendingTableMigrations(pool)).filter(isIndexBuild);
  if (indexBuilds.length > 0) {
    log.warn({ migrations: indexBuilds }, 'index builds are pending; run customer-gateway migrate');
  }
}

/** Loads the SDK only if a collector is configured: it takes time to load and memory. */
async function openTracing(config: TracingConfig, log: FastifyBaseLogger): Promise<Tracing> {
  const module = await import('./observability/tracing.js');
  return new module.Tracing(config, log);
}

/** Loads graphile-worker only where events are delivered. */
async function openWebhookWorker(options: WebhookWorkerOptions): Promise<WebhookWorker> {
  const module = await import('./webhooks/webhook-worker.js');
  return module.WebhookWorker.start(options);
}

/** Loads the Redis client, some 500 files, only if it is used. */
async function openRedis(url: string, { redisFailureMode }: Config, log: FastifyBaseLogger): Promise<Redis> {
  const module = await import('./redis/redis.js');
  return module.Redis.open(url, redisFailureMode, log);
}

/** Loads the JWT library only if an issuer is configured. */
async function openJwtReader(orm: MikroORM, config: JwtConfig): Promise<ReadGrant> {
  const module = await import('./auth/jwt/jwt-reader.js');
  return module.jwtReader(orm, config);
}

async function sharedLimiter(redis: Redis, window: SlidingWindow): Promise<Limiter> {
  const module = await import('./rate-limit/redis-window.js');
  return new module.RedisWindow(redis, window);
}
