import { type MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { MAX } from 'uuid';
import { type Caller } from '../../auth/authenticate.js';
import { type CustomerEventType } from '../../customers/events/event-type.js';
import { withinListTimeout } from '../../customers/list/query-too-slow.js';
import { numberParameters, type Values } from '../../database/statement.js';
import { type WebhookEndpointStatus } from '../endpoints/endpoint-status.js';
import { WebhookDeliveryStatus } from './delivery-status.js';
import { listDeliveriesStatement } from './list-deliveries.statement.js';
import { queueTestStatement } from './queue-test.statement.js';
import { redeliverStatement } from './redeliver.statement.js';
import { type StoredAttempt } from './webhook-delivery.entity.js';
import { type WebhookDeliveryType } from './webhook-delivery.type.js';

/** A page of deliveries. */
export interface DeliveryQuery {
  /** The ID of a delivery. Only older ones are read. */
  readonly after: string | null;
  readonly status: WebhookDeliveryStatus | null;
  readonly limit: number;
}

/** A delivery that will be sent, or why it will not. */
export type Queued = WebhookDeliveryType | 'ENDPOINT_DISABLED' | undefined;

interface DeliveryRow {
  readonly id: string;
  readonly eventId: string | null;
  readonly eventType: CustomerEventType | null;
  readonly status: WebhookDeliveryStatus;
  readonly attempts: readonly StoredAttempt[];
  readonly nextAttemptAt: string | null;
  readonly createdAt: string;
}

type QueuedRow = { readonly endpointStatus: WebhookEndpointStatus } & (DeliveryRow | { readonly id: null });

/** The deliveries of endpoints, as their clients see them. */
export class DeliveryLog {
  readonly #list = numberParameters(listDeliveriesStatement);
  readonly #queueTest = numberParameters(queueTestStatement);
  readonly #redeliver = numberParameters(redeliverStatement);

  /** @param lists - runs the statements of lists. */
  constructor(
    private readonly orm: MikroORM,
    private readonly lists: pg.Pool,
  ) {}

  /** The deliveries of an endpoint, the latest first. The caller has read the endpoint, so it is its own. */
  async list(
    endpoint: string,
    { after, status, limit }: DeliveryQuery,
  ): Promise<{ deliveries: readonly WebhookDeliveryType[]; hasNextPage: boolean }> {
    const statuses = status === null ? Object.values(WebhookDeliveryStatus) : [status];
    const bound = this.#list({ endpoint, before: after ?? MAX, statuses, limit: limit + 1 });
    const { rows } = await withinListTimeout(this.lists.query<DeliveryRow>(bound));
    return { deliveries: rows.slice(0, limit).map(toType), hasNextPage: rows.length > limit };
  }

  /** Sends a test event to an endpoint of the caller. */
  sendTest({ clientId, teamId }: Caller, endpoint: string): Promise<Queued> {
    return this.#queue(this.#queueTest({ endpoint, clientId, teamId }));
  }

  /** Sends the event of a delivery again. @param caller - undefined for the operator. */
  redeliver(caller: Pick<Caller, 'clientId' | 'teamId'> | undefined, delivery: string): Promise<Queued> {
    const { clientId, teamId }: Values = caller ?? {};
    return this.#queue(this.#redeliver({ delivery, clientId, teamId }));
  }

  async #queue(bound: pg.QueryConfig): Promise<Queued> {
    const pool = await this.orm.em.getConnection().getNativeClient();
    const { rows } = await pool.query<QueuedRow>(bound);
    const [row] = rows;
    if (!row) return undefined;
    return row.id === null ? 'ENDPOINT_DISABLED' : toType(row);
  }
}

function toType({ id, attempts, nextAttemptAt, createdAt, ...row }: DeliveryRow): WebhookDeliveryType {
  return {
    uuid: id,
    eventId: row.eventId,
    eventType: row.eventType,
    status: row.status,
    attempts: attempts.map(({ at, status, durationMs, error }) => ({
      attemptedAt: new Date(at),
      responseStatus: status,
      durationMs,
      error,
    })),
    nextAttemptAt: nextAttemptAt === null ? null : new Date(nextAttemptAt),
    createdAt: new Date(createdAt),
  };
}
