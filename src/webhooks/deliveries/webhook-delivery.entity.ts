import { type Opt, type Ref } from '@mikro-orm/core';
import { Entity, Enum, Index, ManyToOne, PrimaryKey, Property, Unique } from '@mikro-orm/decorators/legacy';
import { NEW_UUID } from '../../database/uuid-default.js';
import { WebhookEndpoint } from '../endpoints/webhook-endpoint.entity.js';
import { WebhookDeliveryStatus } from './delivery-status.js';

/** An attempt to deliver an event, as it is stored. */
export interface StoredAttempt {
  /** ISO 8601. */
  readonly at: string;
  /** The status of the response. Null without a response. */
  readonly status: number | null;
  readonly durationMs: number;
  /** Why there was no response. */
  readonly error: string | null;
}

/**
 * An event on its way to one endpoint. Event and delivery have no foreign key: events are removed when their time is over, in
 * batches of their own.
 */
@Entity()
@Index({
  name: 'webhook_delivery_due_index',
  expression: `create index "webhook_delivery_due_index" on "webhook_delivery" ("endpoint_id", "next_attempt_at", "id") where "status" = 'PENDING'`,
})
@Index({ name: 'webhook_delivery_status_index', properties: ['endpoint', 'status', 'id'] })
@Unique({ name: 'webhook_delivery_event_unique', properties: ['endpoint', 'eventId'] })
export class WebhookDelivery {
  @PrimaryKey({ type: 'uuid', defaultRaw: NEW_UUID })
  id!: string;

  @ManyToOne({ entity: () => WebhookEndpoint, ref: true, deleteRule: 'cascade' })
  endpoint!: Ref<WebhookEndpoint>;

  /** Null for a test event. */
  @Property({ type: 'uuid', nullable: true })
  eventId: string | null = null;

  @Enum({ items: () => WebhookDeliveryStatus, default: WebhookDeliveryStatus.PENDING })
  status!: Opt<WebhookDeliveryStatus>;

  /** The latest attempts, oldest first. */
  @Property({ type: 'json', columnType: 'jsonb', defaultRaw: `'[]'::jsonb` })
  attempts!: Opt<readonly StoredAttempt[]>;

  /** Attempts since the delivery was created or sent again, on which the next pause depends. */
  @Property({ type: 'integer', default: 0 })
  failedAttempts!: Opt<number>;

  /** Null if none follows. */
  @Property({ type: 'datetime', length: 3, nullable: true })
  nextAttemptAt: Date | null = null;

  /** When the delivery was created or sent again: retries end three days later. */
  @Property({ type: 'datetime', length: 3, defaultRaw: 'now()' })
  startedAt!: Opt<Date>;

  @Property({ type: 'datetime', length: 3, defaultRaw: 'now()' })
  createdAt!: Opt<Date>;
}
