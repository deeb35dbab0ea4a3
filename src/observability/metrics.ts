import { type FastifyReply, type FastifyRequest } from 'fastify';
import type pg from 'pg';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { statementsWaiting } from '../database/pool-shares.js';
import { type Redis } from '../redis/redis.js';

const MS_PER_SECOND = 1_000;

/** From a read out of memory to the longest that a request may take, in seconds. */
const DURATION_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Label for requests without a route. Paths that callers send must not become labels. */
const NO_ROUTE = 'none';

/**
 * The gateway's metrics for Prometheus: base units and names by
 * https://prometheus.io/docs/practices/naming/. Every label has few values, none of them written by a caller; clients
 * and teams are in the log. The process, its memory and its event loop are measured by prom-client.
 */
export class Metrics {
  /** Of one gateway: a process may run several. */
  readonly registry = new Registry();

  readonly #requestDuration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: DURATION_BUCKETS,
    registers: [this.registry],
  });
  readonly #operations = new Counter({
    name: 'gateway_operations_total',
    help: 'Root fields by their outcome: the member of the union, ok, or the code of the error.',
    labelNames: ['operation', 'outcome'],
    registers: [this.registry],
  });
  readonly #operationDuration = new Histogram({
    name: 'gateway_operation_duration_seconds',
    help: 'Time of the requests that ran a root field. One with several counts for each.',
    labelNames: ['operation'],
    buckets: DURATION_BUCKETS,
    registers: [this.registry],
  });
  readonly #limitDecisions = new Counter({
    name: 'gateway_rate_limit_decisions_total',
    help: 'Calls that the limits of clients allowed or refused.',
    labelNames: ['decision'],
    registers: [this.registry],
  });
  readonly #unauthenticated = new Counter({
    name: 'gateway_unauthenticated_requests_total',
    help: 'Requests answered with 401, by reason.',
    labelNames: ['reason'],
    registers: [this.registry],
  });

  readonly #malformed = new Counter({
    name: 'gateway_malformed_requests_total',
    help: 'Requests that were no valid HTTP or not sent in time, by the status of the answer.',
    labelNames: ['status'],
    registers: [this.registry],
  });

  readonly #droppedConnections = new Counter({
    name: 'gateway_dropped_connections_total',
    help: 'Connections closed at once because MAX_CONNECTIONS were open.',
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Shows the state of what the gateway depends on, as it is at each scrape. */
  watch(pools: readonly pg.Pool[], redis: Redis | undefined): void {
    this.#watchPools(pools);
    if (redis) this.#gauge('gateway_redis_up', 'Whether Redis answers: 1 or 0.', () => Number(redis.isUp));
  }

  /** Counts a request that is over. */
  observe(
    { method, routeOptions, record, limit, failure }: FastifyRequest,
    { elapsedTime }: FastifyReply,
    status: number,
  ): void {
    const seconds = elapsedTime / MS_PER_SECOND;
    const route = routeOptions.url ?? NO_ROUTE;
    this.#requestDuration.observe({ method, route, status }, seconds);
    for (const { operation, outcome } of record?.operations ?? []) {
      this.#operations.inc({ operation, outcome });
      this.#operationDuration.observe({ operation }, seconds);
    }
    if (limit && limit.allowed > 0) this.#limitDecisions.inc({ decision: 'allowed' }, limit.allowed);
    if (limit && limit.refused > 0) this.#limitDecisions.inc({ decision: 'refused' }, limit.refused);
    if (failure?.reason !== undefined) this.#unauthenticated.inc({ reason: failure.reason });
  }

  /** Counts a request that was no HTTP. */
  observeMalformed(status: number): void {
    this.#malformed.inc({ status });
  }

  /** Counts a connection that was closed because too many were open. */
  observeDroppedConnection(): void {
    this.#droppedConnections.inc();
  }

  #watchPools(pools: readonly pg.Pool[]): void {
    const sum = (count: (pool: pg.Pool) => number) => () =>
      pools.reduce((total, pool) => total + count(pool), 0);
    this.#gauge(
      'gateway_database_connections',
      'Open connections.',
      sum((pool) => pool.totalCount),
    );
    this.#gauge(
      'gateway_database_connections_idle',
      'Connections that nobody uses.',
      sum((pool) => pool.idleCount),
    );
    this.#gauge(
      'gateway_database_connections_max',
      'Connections there may be.',
      sum((pool) => pool.options.max),
    );
    this.#gauge('gateway_database_waiting', 'Statements that wait for a connection.', sum(statementsWaiting));
  }

  #gauge(name: string, help: string, read: () => number): void {
    const gauge = new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        gauge.set(read());
      },
    });
  }
}
