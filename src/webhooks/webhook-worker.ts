import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type MikroORM } from '@mikro-orm/postgresql';
import { type FastifyBaseLogger } from 'fastify';
import { Logger, runTaskList, type WorkerEvents, type WorkerPool } from 'graphile-worker';
import pg from 'pg';
import { type Registry, type RegistryContentType } from 'prom-client';
import { z } from 'zod';
import { type SecretBox } from '../auth/secret-box.js';
import { ByteBudget } from '../concurrency/byte-budget.js';
import { APPLICATION_NAME } from '../database/connection.js';
import { SchemaMismatch } from '../errors/schema-mismatch.js';
import { refuseNewerJobs } from './jobs/migrate-jobs.js';
import { tasks } from './jobs/tasks.js';
import { unlockJobs } from './jobs/unlock-jobs.js';
import { limits, WORKER_CONNECTIONS } from './limits.js';
import { DeliveryStore, type QueueLength } from './send/delivery-store.js';
import { sendDeliveries, type SendParts } from './send/send-deliveries.js';
import { WebhookMetrics } from './send/webhook-metrics.js';
import { WebhookSender } from './send/webhook-sender.js';

/** Timeout of a statement, in ms. */
const STATEMENT_TIMEOUT_MS = 10_000;

/** Jobs that were fetched, but wait for others in the same process, are given back after this time, in ms. */
const FETCHED_MS = 5_000;

/** Ended jobs are removed together, after this time, in ms. */
const COMPLETE_MS = 20;

/** How often a worker looks for jobs that it did not hear of, in ms. */
const POLL_MS = 1_000;

/** How often a worker looks for jobs of workers that have ended, in ms. */
const UNLOCK_MS = 15_000;

/** The pause before a worker that failed is started again, in ms. */
const RESTART_MS = 1_000;

/** A worker that has not found out within this time whether there are jobs is started again, in ms. */
const START_MS = 15_000;

/** Bytes of all deliveries in progress. */
const MAX_BYTES = 134_217_728;

const newEvents = z.object({ events: z.array(z.string()) });
const dueDeliveries = z.object({ endpoint: z.string() });

/** Settings of a worker. */
export interface WebhookWorkerOptions {
  readonly orm: MikroORM;
  /** Address of PostgreSQL itself: a connection pooler does not forward notifications of new jobs. */
  readonly databaseUrl: string;
  readonly box: SecretBox;
  readonly registry: Registry<RegistryContentType>;
  readonly log: FastifyBaseLogger;
  /** Whether URLs may lead to private addresses. */
  readonly allowPrivate: boolean;
  /** Whether URLs must be https. */
  readonly httpsOnly: boolean;
}

/** Delivers events to webhook endpoints. Any number of workers share the jobs. */
export class WebhookWorker {
  readonly #stopping = new AbortController();
  readonly #stopped = once(this.#stopping.signal, 'abort').then(() => false);
  readonly #aborting = new AbortController();
  readonly #parts: SendParts;
  #workers: WorkerPool | undefined;
  #ended: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly options: WebhookWorkerOptions,
    readonly pool: pg.Pool,
  ) {
    const { orm, box, registry, allowPrivate, httpsOnly } = options;
    this.#parts = {
      store: new DeliveryStore(orm, pool),
      sender: new WebhookSender({ allowPrivate, httpsOnly }),
      box,
      metrics: new WebhookMetrics(registry),
      budget: new ByteBudget(MAX_BYTES),
      stopping: this.#stopping.signal,
      aborting: this.#aborting.signal,
    };
  }

  /** Starts a worker on connections of its own. */
  static async start(options: WebhookWorkerOptions): Promise<WebhookWorker> {
    const worker = new WebhookWorker(options, await openPool(options));
    worker.#ended = Promise.all([worker.#work(), worker.#unlock()]);
    return worker;
  }

  /**
   * Takes no more deliveries and finishes those in progress.
   *
   * @param ms - attempts that take longer are aborted; another worker repeats them.
   */
  async stop(ms: number): Promise<void> {
    const { log } = this.options;
    this.#stopping.abort();
    const timer = setTimeout(() => {
      this.#aborting.abort();
    }, ms);
    try {
      await this.#workers?.gracefulShutdown();
    } catch (error) {
      // Without PostgreSQL its jobs stay locked, until another worker unlocks them.
      log.warn({ err: error }, 'the webhook worker could not give its jobs back');
    }
    await this.#ended;
    clearTimeout(timer);
    this.#parts.sender.close();
    await this.pool.end().catch((error: unknown) => {
      log.warn({ err: error }, 'the connections of the webhook worker did not close');
    });
  }

  /** The deliveries that wait. */
  queueLength(): Promise<QueueLength> {
    return this.#parts.store.queueLength();
  }

  #isStopping(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Runs jobs, and goes on after a failure of PostgreSQL. */
  async #work(): Promise<void> {
    const { log } = this.options;
    let refusal: string | undefined;
    for (;;) {
      await this.#reached();
      if (this.#isStopping()) return;
      try {
        await refuseNewerJobs(this.pool);
        refusal = undefined;
        // A stop ends the workers that it finds.
        if (this.#isStopping()) return;
        const events: WorkerEvents = new EventEmitter();
        this.#workers = runTaskList(
          {
            pgPool: this.pool,
            events,
            noHandleSignals: true,
            concurrency: limits.endpointsAtOnce,
            pollInterval: POLL_MS,
            logger: new Logger(() => () => {}),
            preset: {
              worker: {
                concurrentJobs: limits.endpointsAtOnce,
                pollInterval: POLL_MS,
                localQueue: { size: limits.endpointsAtOnce, ttl: FETCHED_MS },
                completeJobBatchDelay: COMPLETE_MS,
                failJobBatchDelay: COMPLETE_MS,
              },
            },
          },
          {
            [tasks.create]: (payload) => this.#logged(() => this.#create(payload)),
            [tasks.send]: (payload) => this.#logged(() => this.#send(payload)),
          },
          this.pool,
        );
        await Promise.all([this.#workers.promise, stopUnlessStarted(this.#workers, events)]);
      } catch (error) {
        if (!(error instanceof SchemaMismatch)) {
          log.warn({ err: error }, 'the webhook worker failed and starts again');
        } else if (error.message !== refusal) {
          refusal = error.message;
          log.error(refusal);
        }
      }
      await this.#pause(RESTART_MS);
    }
  }

  /** Waits until PostgreSQL can be reached or the worker is stopped. */
  async #reached(): Promise<void> {
    while (!this.#isStopping()) {
      const isReached = this.pool.query('select').then(
        () => true,
        () => false,
      );
      if (await Promise.race([isReached, this.#stopped])) return;
      await this.#pause(RESTART_MS);
    }
  }

  /** Logs an unexpected error, after which graphile-worker repeats the job. */
  async #logged(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.options.log.warn({ err: error }, 'a job of the webhook worker failed and is repeated');
      throw error;
    }
  }

  async #create(payload: unknown): Promise<void> {
    await this.#parts.store.create(newEvents.parse(payload).events);
  }

  async #send(payload: unknown): Promise<void> {
    const { endpoint } = dueDeliveries.parse(payload);
    const disabled = await sendDeliveries(this.#parts, endpoint);
    if (!disabled) return;
    const { clientId, teamId, disabledReason } = disabled;
    this.options.log.warn(
      { endpointId: endpoint, clientId, teamId, reason: disabledReason },
      'webhook endpoint disabled',
    );
  }

  async #unlock(): Promise<void> {
    while (!this.#isStopping()) {
      await this.#pause(UNLOCK_MS);
      await unlockJobs(this.pool).catch((error: unknown) => {
        this.options.log.warn({ err: error }, 'jobs of ended webhook workers were not found');
      });
    }
  }

  async #pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => undefined);
  }
}

/**
 * Stops workers whose first look for jobs failed: graphile-worker 0.18 keeps the error of its first statement and repeats it at every
 * look, also when PostgreSQL is there again.
 */
async function stopUnlessStarted(workers: WorkerPool, events: WorkerEvents): Promise<void> {
  const ended = new AbortController();
  const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(START_MS)]);
  const started = once(events, 'localQueue:getJobs:complete', { signal }).catch(async () => {
    if (!ended.signal.aborted) await workers.gracefulShutdown('The first look for jobs failed');
  });
  await Promise.race([started, workers.promise]).finally(() => {
    ended.abort();
  });
}

/** Not guarded as other pools are: the connection that hears of new jobs is silent most of the time. */
async function openPool({ orm, databaseUrl }: WebhookWorkerOptions): Promise<pg.Pool> {
  const { options } = await orm.em.getConnection().getNativeClient();
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: APPLICATION_NAME,
    // Values are read as by the ORM.
    types: options.types,
    max: WORKER_CONNECTIONS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS,
    connectionTimeoutMillis: STATEMENT_TIMEOUT_MS,
    keepAlive: true,
  });
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    client.on('error', () => {});
  });
  return pool;
}
