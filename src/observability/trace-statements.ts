import { type AsyncLocalStorage } from 'node:async_hooks';
import { ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import pg from 'pg';

type Statement = string | pg.QueryConfig;
type QueryArguments = [statement: Statement, ...others: unknown[]];

/**
 * Makes every statement that a traced request sends a span of it, named after the statement. Its time has the waiting
 * for a connection in it. Statements of no request (health, clean-up, cached credentials) are left alone.
 *
 * @param active - the span whose parts the statements are.
 */
export function traceStatements(pool: pg.Pool, tracer: Tracer, active: AsyncLocalStorage<Span>): void {
  const run = async (statement: Statement, parent: Span, send: () => unknown): Promise<unknown> => {
    const name = nameOf(statement);
    const span = tracer.startSpan(
      name,
      { kind: SpanKind.CLIENT, attributes: { 'db.system.name': 'postgresql', 'db.query.summary': name } },
      trace.setSpan(ROOT_CONTEXT, parent),
    );
    try {
      return await send();
    } catch (error) {
      fail(span, error);
      throw error;
    } finally {
      span.end();
    }
  };
  const traced = (target: pg.Pool | pg.PoolClient) => {
    const query = Reflect.get(target, 'query');
    return (...args: QueryArguments): unknown => {
      const parent = active.getStore();
      const send = () => Reflect.apply(query, target, args);
      return parent ? run(args[0], parent, send) : send();
    };
  };

  const connect = Reflect.get(pool, 'connect');
  Object.assign(pool, {
    query: traced(pool),
    // The pool itself connects with a callback, for `query`, which has its span already.
    connect(...args: unknown[]): unknown {
      const connection = Reflect.apply(connect, pool, args);
      if (args.length > 0 || !active.getStore()) return connection;
      return connection.then((client: pg.PoolClient) => withQuery(client, traced(client)));
    },
  });
}

/** A connection with another way to query, for as long as it is lent out. */
function withQuery(client: pg.PoolClient, query: (...args: QueryArguments) => unknown): pg.PoolClient {
  return new Proxy(client, {
    get(target, property) {
      if (property === 'query') return query;
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** A prepared statement's name; of another its first word, such as `begin`. */
function nameOf(statement: Statement): string {
  if (typeof statement === 'string') return firstWord(statement);
  return statement.name ?? firstWord(statement.text);
}

const firstWord = (text: string): string => /\w+/.exec(text)?.[0] ?? 'statement';

/** The message of a PostgreSQL error can quote values; the code identifies the error. */
function fail(span: Span, error: unknown): void {
  const code = error instanceof pg.DatabaseError ? error.code : undefined;
  if (code !== undefined) span.setAttribute('db.response.status_code', code);
  span.setAttribute('error.type', code ?? (error instanceof Error ? error.name : 'unknown'));
  span.setStatus({ code: SpanStatusCode.ERROR });
}
