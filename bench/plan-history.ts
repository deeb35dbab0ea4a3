import { randomUUID } from 'node:crypto';
import { encodeEventCursor } from '../dist/src/customers/events/event-cursor.js';
import { type ImportStore } from '../dist/src/customers/import/import-store.js';
import { CustomerKey } from '../dist/src/customers/upsert/upsert-customer.result.js';
import { type Executor } from '../dist/src/database/transaction.js';
import { type DeliveryStore } from '../dist/src/webhooks/send/delivery-store.js';
import { type openOrm } from '../dist/src/orm/orm.js';
import { type BenchDatabase } from './database.ts';
import { type PlannedOperation, planned } from './plan-operations.ts';

type Orm = Awaited<ReturnType<typeof openOrm>>;

/** What {@link PlannedWork} uses. */
export interface WorkParts {
  readonly orm: Orm;
  readonly deliveries: DeliveryStore;
  readonly imports: ImportStore;
  readonly executor: Executor;
}

/** What is no operation of the API: the work of a worker of webhooks, of an import, and of other commands of the operator. */
export interface PlannedWork {
  readonly name: string;
  /** Statements that it may send. */
  readonly statements: number;
  run(parts: WorkParts): Promise<unknown>;
}

/** One of so many deliveries waits. */
const PENDING_SHARE = 10;

/** Versions of the customer with the longest history. */
const VERSIONS = 5_000;

/** What the tables have after {@link fillHistory}. */
export interface FilledHistory {
  /** The customer with the longest history. */
  readonly customer: string;
  /** An event in the middle of the feed. */
  readonly event: string;
  readonly endpoint: string;
  readonly delivery: string;
}

/**
 * Fills the team's events, one for each customer and many for one of them, and the deliveries of these events to one endpoint. Copies
 * an event that an operation has written.
 */
export async function fillHistory(database: BenchDatabase): Promise<FilledHistory> {
  const { teamId, clientId } = database.client;
  const insert = async (text: string, values: unknown[]): Promise<string> => {
    const [row] = await database.query<{ id: string }>(`${text} returning id`, values);
    if (!row) throw new Error('Nothing was inserted');
    return row.id;
  };
  const customer = await copyEvents(database);
  const endpoint = await insert(
    `insert into webhook_endpoint (id, client_id, team_id, url, status)
     values (uuidv7(), $1, $2, 'https://example.com', 'ENABLED')`,
    [clientId, teamId],
  );
  await database.query(
    `insert into webhook_delivery (endpoint_id, event_id, status, next_attempt_at, attempts)
     select $2, id, case when waits then 'PENDING' else 'SUCCEEDED' end, case when waits then now() end,
       json_build_array(json_build_object('at', now(), 'status', 204, 'durationMs', 1, 'error', null))
     from (
       select id, row_number() over (order by id) % ${PENDING_SHARE} = 0 as waits from customer_event where team_id = $1
     ) as event`,
    [teamId, endpoint],
  );
  const delivery = await insert(
    `insert into webhook_delivery (endpoint_id, event_id, status) values ($1, uuidv7(), 'FAILED')`,
    [endpoint],
  );
  await database.query('vacuum analyze');
  const [event] = await database.query<{ id: string }>(
    'select id from customer_event where team_id = $1 and transaction > 250 order by transaction limit 1',
    [teamId],
  );
  return { customer, event: event?.id ?? '', endpoint, delivery };
}

/** @returns the customer with the longest history. */
async function copyEvents(database: BenchDatabase): Promise<string> {
  const { teamId } = database.client;
  // Their transactions have lower numbers than those in progress, so that the feed has them.
  const copy = (customers: string) => `
    insert into customer_event (team_id, customer_id, type, version, transaction, customer, client_id, request_id)
    select $1, customers.id, case customers.version when 1 then 'CREATED' else 'UPDATED' end, customers.version,
      1 + 500 * (place - 1) / count(*) over (), customer, client_id, request_id
    from (select customer, client_id, request_id from customer_event where team_id = $1 limit 1) as event, (${customers}) as customers`;
  const [first] = await database.query<{ id: string }>(
    'select id from customer where team_id = $1 order by id limit 1',
    [teamId],
  );
  if (!first) throw new Error('There is no customer');
  await database.query(
    copy(
      'select id, 1 as version, row_number() over (order by id) as place from customer where team_id = $1',
    ),
    [teamId],
  );
  await database.query(
    copy('select $2::uuid as id, n as version, n::bigint as place from generate_series(2, $3::int) as n'),
    [teamId, first.id, VERSIONS],
  );
  return first.id;
}

const page =
  '{ nodes { id type version actor { __typename } customer { customer } changes { field } } pageInfo { endCursor hasNextPage } }';

const deliveries = `query ($uuid: UUID!, $status: WebhookDeliveryStatus) {
  webhookEndpoint(uuid: $uuid) { deliveries(first: 100, status: $status) { nodes { uuid attempts { responseStatus } } } }
}`;

/** Every operation that reads events, or reads or writes deliveries, each to be run once. */
export function historyOperations(filled: FilledHistory): PlannedOperation[] {
  const { customer, event, endpoint, delivery } = filled;
  const feed = (name: string, args: string, variables: Record<string, unknown> = {}) =>
    planned(
      `events: ${name}`,
      `query ($after: String) { customerEvents(first: 100, ${args}) ${page} }`,
      variables,
    );
  const listed = (status: string | null) =>
    planned(
      `deliveries of an endpoint, ${status ?? 'of any status'}`,
      deliveries,
      { uuid: endpoint, status },
      { statements: 2 },
    );
  return [
    feed('the first 100', 'after: $after'),
    feed('100 after a cursor', 'after: $after', { after: encodeEventCursor(event) }),
    feed('a type that there is not', 'after: $after, types: [RESTORED]'),
    planned('events: the last cursor', '{ lastCustomerEventCursor }'),
    planned(
      'events: 100 of a customer',
      `query ($uuid: UUID!) { customer(uuid: $uuid) { history(first: 100) ${page} } }`,
      { uuid: customer },
      { statements: 2 },
    ),
    planned(
      'events: the latest of 100 customers',
      '{ customers(limit: 100) { records { history(first: 5) { nodes { id version } } } } }',
      {},
      { statements: 2 },
    ),
    ...[null, 'PENDING', 'SUCCEEDED', 'FAILED', 'CANCELED'].map(listed),
    planned(
      'objects by their IDs',
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }',
      { ids: [customer, event, endpoint] },
      { statements: 4 },
    ),
    planned(
      'redeliver',
      'mutation ($uuid: UUID!) { redeliver(deliveryUuid: $uuid) { __typename ... on Error { code } } }',
      { uuid: delivery },
    ),
    planned(
      'sendTestEvent',
      'mutation ($uuid: UUID!) { sendTestEvent(uuid: $uuid) { __typename ... on Error { code } } }',
      { uuid: endpoint },
    ),
  ];
}

/** Everything that a worker does with the database, each to be done once. */
export function plannedWork({ event, endpoint, delivery }: FilledHistory): PlannedWork[] {
  const run = randomUUID();
  const work = (name: string, send: (store: DeliveryStore) => Promise<unknown>): PlannedWork => ({
    name: `worker: ${name}`,
    statements: 1,
    run: (parts) => send(parts.deliveries),
  });
  const attempt = { at: new Date().toISOString(), status: 500, durationMs: 1, error: null };
  const ended = { succeeded: true, failed: false, isDown: false, jitter: 1, reason: null };
  return [
    work('create deliveries', (store) => store.create([event])),
    work('take deliveries', (store) =>
      store.take({ endpoint, run, sending: [delivery], limit: 50, maxBytes: 1_048_576 }),
    ),
    work('record an attempt', (store) =>
      store.record({ deliveryId: delivery, attempt, succeeded: false, pauseMs: 1_000 }),
    ),
    work('release an endpoint', (store) => store.release({ endpoint, run, ...ended })),
    work('wake an endpoint', (store) => store.wake(endpoint)),
    work('count the queue', (store) => store.queueLength()),
  ];
}

/** What an import that updates customers reads, in addition to the statements of the API. */
export async function plannedImport(
  { customer }: FilledHistory,
  database: BenchDatabase,
): Promise<PlannedWork[]> {
  const { teamId } = database.client;
  const rows = await database.query<{ key: string }>(
    'select email_key as key from customer where team_id = $1 limit 100',
    [teamId],
  );
  const keys = rows.map(({ key }) => key);
  return [
    ...Object.values(CustomerKey).map((by) => ({
      name: `import: 100 rows by ${by}`,
      statements: 1,
      run: ({ imports }: WorkParts) => imports.findByKey(teamId, by, keys),
    })),
    {
      name: 'import: what a batch has changed of the customer with the longest history',
      statements: 1,
      run: ({ imports, executor }) => imports.findChanged(executor, teamId, randomUUID(), [customer]),
    },
  ];
}
