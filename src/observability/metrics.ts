import { type FastifyReply, type FastifyRequest } from 'fastify';
import type pg from 'pg';
import {
  collectDefaultMetrics,
  Counter,
  Gauge,
  Histogram,
  Registry,
  type RegistryContentType,
} from 'prom-client';
import { statementsWaiting } from '../database/pool-shares.js';
import { type Redis } from '../redis/redis.js';

const MS_PER_SECOND = 1_000;

/** From a response out of memory to the longest request, in seconds. */
const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Labels of exemplars. prom-client's types do not separate them from those of the metric. */
type ExemplarLabel = 'customer_id' | 'request_id';

/** Label for requests without a route: a path from a caller must not become a label. */
const NO_ROUTE = 'none';

/** Prometheus's text format (https://prometheus.io/docs/instrumenting/exposition_formats/) and OpenMetrics. */
const contentTypes = {
  text: Registry.PROMETHEUS_CONTENT_TYPE,
  openMetrics: Registry.OPENMETRICS_CONTENT_TYPE,
} as const;

export type MetricsFormat = keyof typeof contentTypes;

function openRegistry(contentType: RegistryContentType): Registry<RegistryContentType> {
  const registry = new Registry<RegistryContentType>();
  registry.setContentType(contentType);
  return registry;
}

/**
 * The metrics of the gateway for Prometheus, with units and names by https://prometheus.io/docs/practices/naming/. Every label
 * has few values, and none comes from a caller; clients and teams are in the log. A change of a customer leaves an exemplar with the
 * customer and the request, which only the OpenMetrics format shows. prom-client measures the process, its memory and its event loop.
 */
export class Metrics {
  /** The registry of one gateway: a process can run several. prom-client allows exemplars only in one for OpenMetrics. */
  readonly registry = openRegistry(Registry.OPENMETRICS_CONTENT_TYPE);

  readonly #requestDuration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the headers of a request to the end of its response.',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATION_BUCKETS,
    registers: [this.registry],
  });
  readonly #operations = new Counter<'operation' | 'outcome' | ExemplarLabel>({
    name: 'gateway_operations_total',
    help: 'Root fields by outcome: the member of the result union, ok, or the error code.',
    labelNames: ['operation', 'outcome'],
    enableExemplars: true,
    registers: [this.registry],
  });
  readonly #operationDuration = new Histogram<'operation' | ExemplarLabel>({
    name: 'gateway_operation_duration_seconds',
    help: 'Duration of requests by root field. A request with several root fields is counted for each.',
    labelNames: ['operation'],
    buckets: DURATION_BUCKETS,
    enableExemplars: true,
    registers: [this.registry],
  });
  readonly #limitDecisions = new Counter({
    name: 'gateway_rate_limit_decisions_total',
    help: 'Calls allowed or refused by the rate limits of clients.',
    labelNames: ['decision'],
    registers: [this.registry],
  });
  readonly #unauthenticated = new Counter({
    name: 'gateway_unauthenticated_requests_total',
    help: 'Responses with status 401, by reason.',
    labelNames: ['reason'],
    registers: [this.registry],
  });

  readonly #malformed = new Counter({
    name: 'gateway_malformed_requests_total',
    help: 'Requests that were not valid HTTP or not received in time, by response status.',
    labelNames: ['status'],
    registers: [this.registry],
  });

  readonly #droppedConnections = new Counter({
    name: 'gateway_dropped_connections_total',
    help: 'Connections closed immediately because MAX_CONNECTIONS were open.',
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /**
   * Adds gauges for the dependencies, which are read at each scrape.
   *
   * @param eventsLag - how long events are delayed, in seconds.
   */
  watch(pools: readonly pg.Pool[], redis: Redis | undefined, eventsLag: () => Promise<number>): void {
    this.watchPools(pools);
    this.#gauge(
      'gateway_customer_events_lag_seconds',
      'How long customerEvents is delayed by open transactions; NaN while the database is unavailable.',
      () => eventsLag().catch(() => NaN),
    );
    if (redis)
      this.#gauge('gateway_redis_up', 'Whether Redis is available: 1 or 0.', () => Number(redis.isUp));
  }

  /** Adds gauges for the deliveries that wait, which are read at each scrape. */
  watchWebhooks(
    queueLength: () => Promise<{ readonly pending: number; readonly oldestSeconds: number }>,
  ): void {
    // A scrape reads all gauges at the same time.
    let reading: ReturnType<typeof queueLength> | undefined;
    const read = () =>
      (reading ??= queueLength()
        .catch(() => ({ pending: NaN, oldestSeconds: NaN }))
        .finally(() => (reading = undefined)));
    this.#gauge(
      'gateway_webhook_deliveries_pending',
      'Deliveries to webhook endpoints that are due or wait for a retry, at most 100000; NaN while the database is unavailable.',
      async () => (await read()).pending,
    );
    this.#gauge(
      'gateway_webhook_oldest_due_seconds',
      'How long the oldest delivery that is due has waited; NaN while the database is unavailable.',
      async () => (await read()).oldestSeconds,
    );
  }

  /** All metrics in a format. Only OpenMetrics has exemplars. */
  async expose(format: MetricsFormat): Promise<{ readonly contentType: string; readonly text: string }> {
    // prom-client renames counters while it writes OpenMetrics. Views keep their names for the other format.
    const views = openRegistry(contentTypes[format]);
    for (const { name } of this.registry.getMetricsAsArray()) {
      const metric = this.registry.getSingleMetric(name);
      if (metric) views.registerMetric(Object.create(metric));
    }
    return { contentType: views.contentType, text: await views.metrics() };
  }

  /** Counts a completed request. */
  observe(
    { id: requestId, method, routeOptions, record, limit, failure }: FastifyRequest,
    { elapsedTime }: FastifyReply,
    status: number,
  ): void {
    const seconds = elapsedTime / MS_PER_SECOND;
    const route = routeOptions.url ?? NO_ROUTE;
    this.#requestDuration.observe({ method, route, status }, seconds);
    for (const { operation, outcome, customerId } of record?.operations ?? []) {
      const counted = { labels: { operation, outcome } };
      const timed = { labels: { operation }, value: seconds };
      if (customerId === undefined) {
        this.#operations.inc(counted);
        this.#operationDuration.observe(timed);
      } else {
        // OpenMetrics limits the labels of an exemplar to 128 characters; these have 93.
        const exemplarLabels = { customer_id: customerId, request_id: requestId };
        this.#operations.inc({ ...counted, exemplarLabels });
        this.#operationDuration.observe({ ...timed, exemplarLabels });
      }
    }
    if (limit && limit.allowed > 0) this.#limitDecisions.inc({ decision: 'allowed' }, limit.allowed);
    if (limit && limit.refused > 0) this.#limitDecisions.inc({ decision: 'refused' }, limit.refused);
    if (failure?.reason !== undefined) this.#unauthenticated.inc({ reason: failure.reason });
  }

  /** Counts a request that was not valid HTTP. */
  observeMalformed(status: number): void {
    this.#malformed.inc({ status });
  }

  /** Counts a connection that was closed because too many were open. */
  observeDroppedConnection(): void {
    this.#droppedConnections.inc();
  }

  /** Adds gauges for the connections of pools, which are read at each scrape. */
  watchPools(pools: readonly pg.Pool[]): void {
    const sum = (count: (pool: pg.Pool) => number) => () =>
      pools.reduce((total, pool) => total + count(pool), 0);
    this.#gauge(
      'gateway_database_connections',
      'Open database connections.',
      sum((pool) => pool.totalCount),
    );
    this.#gauge(
      'gateway_database_connections_idle',
      'Idle database connections.',
      sum((pool) => pool.idleCount),
    );
    this.#gauge(
      'gateway_database_connections_max',
      'Maximum database connections.',
      sum((pool) => pool.options.max),
    );
    this.#gauge(
      'gateway_database_waiting',
      'Statements waiting for a database connection.',
      sum(statementsWaiting),
    );
  }

  #gauge(name: string, help: string, read: () => number | Promise<number>): void {
    const gauge = new Gauge({
      name,
      help,
      registers: [this.registry],
      async collect() {
        gauge.set(await read());
      },
    });
  }
}
