import { AsyncLocalStorage } from 'node:async_hooks';
import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import { parseTraceParent, setGlobalErrorHandler } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { type FastifyBaseLogger, type FastifyReply, type FastifyRequest } from 'fastify';
import type pg from 'pg';
import { type TracingConfig } from '../config/config.js';
import { errorCodes } from '../errors/error-codes.js';
import { statusOf } from './observe-requests.js';
import { traceStatements } from './trace-statements.js';

const SERVICE_NAME = 'customer-gateway';

/** Timeout of sending the last spans on shutdown, in ms. A collector that does not respond must not delay the exit. */
const FLUSH_DEADLINE_MS = 2_000;

/** Time left for the process to exit, in ms. */
const EXIT_MARGIN_MS = 200;

/** Outcomes that are errors of the gateway, not of the caller. */
const faults: ReadonlySet<string> = new Set([
  errorCodes.INTERNAL_SERVER_ERROR,
  errorCodes.SERVICE_UNAVAILABLE,
]);

/**
 * Traces of authenticated requests, sent to an OpenTelemetry collector as OTLP over HTTP. This module and the SDK are
 * loaded only when a collector is configured. Where to send, with which headers and how long to try, the SDK reads from
 * the standard variables by itself (`OTEL_EXPORTER_OTLP_*`, `OTEL_RESOURCE_ATTRIBUTES`, `OTEL_SERVICE_NAME`).
 *
 * Spans contain IDs and names defined by the gateway. They contain no documents, variables, values of statements or error messages,
 * all of which can hold personal data.
 */
export class Tracing {
  readonly #provider: TracerProvider;
  readonly #tracer: Tracer;
  readonly #active = new AsyncLocalStorage<Span>();

  constructor(
    { parentBased, ratio }: TracingConfig,
    private readonly log: FastifyBaseLogger,
  ) {
    const root = new TraceIdRatioBasedSampler(ratio);
    setGlobalErrorHandler((error) => {
      this.#warn(error);
    });
    this.#provider = new TracerProvider({
      resource: defaultResource()
        .merge(resourceFromAttributes({ 'service.name': SERVICE_NAME }))
        .merge(detectResources({ detectors: [envDetector] })),
      sampler: parentBased ? new ParentBasedSampler({ root }) : root,
      spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
    });
    this.#tracer = this.#provider.getTracer(SERVICE_NAME);
  }

  /** Makes statements of a traced request spans of it. */
  watch(pool: pg.Pool): void {
    traceStatements(pool, this.#tracer, this.#active);
  }

  /**
   * Runs a request of an authenticated caller as a trace, or as a part of the caller's trace. Only the IDs and the sampling flag of
   * `traceparent` are used; `tracestate` and `baggage`, which are free text, are not read.
   */
  async serve<Result>(
    request: FastifyRequest,
    reply: FastifyReply,
    run: () => Promise<Result>,
  ): Promise<Result> {
    const server = this.#startServerSpan(request, reply);
    const operation = this.#tracer.startSpan('graphql', {}, trace.setSpan(ROOT_CONTEXT, server));
    request.log = request.log.child({ trace_id: server.spanContext().traceId });
    try {
      return await this.#active.run(operation, run);
    } finally {
      describeOperation(operation, request);
      operation.end();
      const end = () => {
        endServerSpan(server, statusOf(reply));
      };
      if (reply.raw.closed) end();
      else reply.raw.once('close', end);
    }
  }

  /** Sends the remaining spans, for two seconds at most and for less when the process must end within `leftMs`. */
  async stop(leftMs: number): Promise<void> {
    const { promise: deadline, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, Math.min(FLUSH_DEADLINE_MS, leftMs - EXIT_MARGIN_MS));
    const shutdown = this.#provider.shutdown().catch((error: unknown) => {
      this.#warn(error);
    });
    await Promise.race([shutdown, deadline]);
    clearTimeout(timer);
  }

  /** The SDK tries each batch again for a while before it comes to this. */
  #warn(error: unknown): void {
    this.log.warn({ err: error }, 'traces were not sent');
  }

  #startServerSpan({ method, routeOptions, caller, headers }: FastifyRequest, reply: FastifyReply): Span {
    const { traceparent } = headers;
    const remote = typeof traceparent === 'string' ? parseTraceParent(traceparent) : null;
    return this.#tracer.startSpan(
      `${method} ${routeOptions.url}`,
      {
        kind: SpanKind.SERVER,
        // The request began before it was authenticated.
        startTime: performance.now() - reply.elapsedTime,
        attributes: {
          'http.request.method': method,
          'http.route': routeOptions.url,
          'url.path': routeOptions.url,
          'url.scheme': 'http',
          'gateway.client_id': caller?.clientId,
          'gateway.team_id': caller?.teamId,
        },
      },
      remote ? trace.setSpanContext(ROOT_CONTEXT, { ...remote, isRemote: true }) : ROOT_CONTEXT,
    );
  }
}

function describeOperation(span: Span, { record }: FastifyRequest): void {
  const operations = record?.operations ?? [];
  const names = operations.map(({ operation }) => operation);
  const outcomes = operations.map(({ outcome }) => outcome);
  span.setAttributes({ 'gateway.operations': names, 'gateway.outcomes': outcomes });
  if (record?.customerIds) {
    span.setAttributes({
      'gateway.customer_ids': [...record.customerIds],
      'gateway.customers': record.customers,
    });
  }
  if (outcomes.some((outcome) => faults.has(outcome))) span.setStatus({ code: SpanStatusCode.ERROR });
  if (!record?.type) return;
  span.setAttribute('graphql.operation.type', record.type);
  // One span name for each root field. Requests with several share the name of the operation type.
  span.updateName(new Set(names).size === 1 ? `${record.type} ${names[0]}` : record.type);
}

function endServerSpan(span: Span, status: number): void {
  span.setAttribute('http.response.status_code', status);
  if (status >= 500) {
    span.setAttribute('error.type', String(status));
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end(performance.now());
}
