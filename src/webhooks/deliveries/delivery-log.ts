import { type MikroORM } from '@mikro-orm/postgresql';
import type pg from 'pg';
import { MAX } from 'uuid';
import { type RecordChange } from '../../audit/record-change.js';
import { type Caller } from '../../auth/authenticate.js';
import { type CustomerEventType } from '../../customers/events/event-type.js';
import { withinListTimeout } from '../../customers/list/query-too-slow.js';
import { numberParameters } from '../../database/statement.js';
import { type Executor, inTransaction } from '../../database/transaction.js';
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
  async sendTest({ clientId, teamId }: Caller, endpoint: string): Promise<Queued> {
    return queue(await this.#pool(), this.#queueTest({ endpoint, clientId, teamId }));
  }

  /** Sends the event of a delivery of the caller again. */
  async redeliver(
    { clientId, teamId }: Pick<Caller, 'clientId' | 'teamId'>,
    delivery: string,
  ): Promise<Queued> {
    return queue(await this.#pool(), this.#redeliver({ delivery, clientId, teamId }));
  }

  /** Sends the event of a delivery of any client again, for the operator. */
  async redeliverForOperator(delivery: string, recordChange?: RecordChange): Promise<Queued> {
    const bound = this.#redeliver({ delivery, clientId: null, teamId: null });
    return inTransaction(await this.#pool(), async (executor) => {
      const queued = await queue(executor, bound);
      if (typeof queued === 'object') await recordChange?.(executor, { details: { deliveryId: delivery } });
      return queued;
    });
  }

  #pool(): Promise<pg.Pool> {
    return this.orm.em.getConnection().getNativeClient();
  }
}

async function queue(executor: Executor, bound: pg.QueryConfig): Promise<Queued> {
  const { rows } = await executor.query<QueuedRow>(bound);
  const [row] = rows;
  if (!row) return undefined;
  return row.id === null ? 'ENDPOINT_DISABLED' : toType(row);
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
