import { createServer } from 'node:http';
import { listen } from './listen.js';

/** A span as OTLP sends it in JSON. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: number;
  /** 2 is an error. */
  readonly status: number | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly service: unknown;
}

/** An OpenTelemetry collector for traces: OTLP over HTTP, in JSON. */
export interface Collector {
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** All that was sent, as it was sent. */
  raw(): string;
  stop(): Promise<void>;
}

// oxlint-disable typescript/no-explicit-any -- what arrives is read as the OTLP specification names it
const plain = ({ stringValue, intValue, arrayValue }: any): unknown =>
  stringValue ?? intValue ?? arrayValue?.values?.map(plain) ?? [];

const attributesOf = ({ attributes = [] }: any) =>
  Object.fromEntries(attributes.map(({ key, value }: any) => [key, plain(value)]));

function spansOf({ resourceSpans }: any): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }: any) =>
    scopeSpans.flatMap(({ spans }: any) =>
      spans.map((span: any) => ({
        ...span,
        parentSpanId: span.parentSpanId || undefined,
        status: span.status?.code,
        attributes: attributesOf(span),
        service: attributesOf(resource)['service.name'],
      })),
    ),
  );
}
// oxlint-enable typescript/no-explicit-any

/** Starts one. With `isDeaf` it takes what comes and never answers. */
export async function startCollector({ isDeaf = false } = {}): Promise<Collector> {
  const bodies: string[] = [];
  const spans: ReceivedSpan[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (isDeaf) return;
      const body = Buffer.concat(chunks).toString('utf8');
      bodies.push(body);
      if (request.url === '/v1/traces') spans.push(...spansOf(JSON.parse(body)));
      response.setHeader('content-type', 'application/json');
      response.end('{}');
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    raw: () => bodies.join('\n'),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
