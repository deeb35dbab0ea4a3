import { type FastifyBaseLogger } from 'fastify';
import { openSecretBox } from '../../auth/secrets-keys.js';
import { type Config } from '../../config/config.js';
import { CLOSE_MARGIN_MS, STOP_DEADLINE_MS } from '../../config/stop-deadline.js';
import { watchPool } from '../../database/watch-pool.js';
import { createApp } from '../../http/app.js';
import { checkAddress } from '../../http/check-address.js';
import { Draining } from '../../http/draining.js';
import { addHealthRoutes } from '../../http/health-routes.js';
import { addMetricsRoute } from '../../http/metrics-route.js';
import { Metrics } from '../../observability/metrics.js';
import { observeRequests } from '../../observability/observe-requests.js';
import { openDatabase } from '../../orm/database.js';
import { requireMigrated } from '../../orm/schema-state.js';
import { SchemaWatch } from '../../orm/schema-watch.js';
import { type Service } from '../../run-until-stopped.js';
import { refuseNewerJobs } from '../../webhooks/jobs/migrate-jobs.js';
import { WebhookWorker } from '../../webhooks/webhook-worker.js';

/** A process that only delivers webhooks. */
export interface WorkerProcess extends Service {
  /** Base URL of its health routes. */
  readonly url: string;
}

/**
 * Starts a worker with its health routes. If a step fails, everything opened before is closed.
 *
 * @param stopping - aborts the start.
 * @throws if migrations are pending.
 */
export async function startWorker(
  config: Config,
  log: FastifyBaseLogger,
  stopping: AbortSignal,
): Promise<WorkerProcess> {
  await checkAddress(config);
  const metrics = new Metrics();
  const schema = new SchemaWatch(log);
  const app = createApp(config, log, metrics, (error) => schema.asUnavailable(error));
  const draining = new Draining(app);
  const database = await openDatabase(config);
  const { orm } = database;
  try {
    const pool = await orm.em.getConnection().getNativeClient();
    await requireMigrated(pool);
    await refuseNewerJobs(pool);
    schema.watch(pool);
    const box = await openSecretBox(config);
    observeRequests(app, metrics);
    addMetricsRoute(app, metrics, config);
    const askDependencies = async () => {
      await schema.check();
      await refuseNewerJobs(pool);
    };
    addHealthRoutes(app, askDependencies, draining);
    stopping.throwIfAborted();
    const url = await app.listen({ host: config.host, port: config.port });
    const endWatch = watchPool(pool, log);
    const { registry } = metrics;
    const worker = await WebhookWorker.start({
      orm,
      databaseUrl: database.directUrl,
      box,
      registry,
      log,
      ...config.webhooks,
    });
    metrics.watchPools([pool, worker.pool]);
    metrics.watchWebhooks(() => worker.queueLength());
    return {
      url,
      async close() {
        const deadline = performance.now() + STOP_DEADLINE_MS - CLOSE_MARGIN_MS;
        draining.begin();
        await worker.stop(STOP_DEADLINE_MS - CLOSE_MARGIN_MS);
        await draining.finish(deadline - performance.now());
        endWatch();
        await database.close();
      },
    };
  } catch (error) {
    await app.close();
    await database.close();
    throw error;
  }
}
