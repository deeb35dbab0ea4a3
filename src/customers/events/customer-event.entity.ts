import { Check, Entity, Enum, Index, PrimaryKey, Property, Trigger } from '@mikro-orm/decorators/legacy';
import { NEW_UUID } from '../../database/uuid-default.js';
import { CustomerEventType } from './event-type.js';

/**
 * One change of a customer, written by the statement that makes it. Events have no foreign keys: the row of the customer has
 * them.
 */
@Entity()
@Index({ name: 'customer_event_feed_index', properties: ['teamId', 'transaction', 'id'] })
@Index({ name: 'customer_event_history_index', properties: ['customerId', 'version'] })
@Trigger({
  // Adds a job for new events that an endpoint of a webhook receives, in the transaction that stores them.
  name: 'customer_event_queue_deliveries',
  timing: 'after',
  events: ['insert'],
  forEach: 'statement',
  expression:
    'create trigger "customer_event_queue_deliveries" after insert on "customer_event" referencing new table as new_event for each statement execute function queue_webhook_deliveries()',
})
@Check({ name: 'customer_event_actor', expression: 'num_nonnulls(request_id, command) = 1' })
export class CustomerEvent {
  /** Made by PostgreSQL, so that the events of all gateways are in the order of one clock. */
  @PrimaryKey({ type: 'uuid', defaultRaw: NEW_UUID })
  id!: string;

  @Property({ type: 'uuid' })
  teamId!: string;

  @Property({ type: 'uuid' })
  customerId!: string;

  @Enum({ items: () => CustomerEventType })
  type!: CustomerEventType;

  /** The customer's version after the change. */
  @Property({ type: 'integer' })
  version!: number;

  /**
   * The transaction that made the change, or one more than that of the customer's event before, if that is larger: a transaction
   * can get its number before another one that changes the same customer first. Events of transactions that have ended never get
   * new ones among them, and those of one customer are in the order of its versions.
   */
  @Property({ type: 'bigint' })
  transaction!: string;

  @Property({ type: 'datetime', length: 3, defaultRaw: 'now()' })
  occurredAt!: Date;

  /** The customer after the change, as `customerSelectList` selects it. */
  @Property({ type: 'json', columnType: 'json' })
  customer!: object;

  /** The values before the change of the fields that an update changed. */
  @Property({ type: 'json', columnType: 'json', nullable: true })
  previous: object | null = null;

  /** The client that made the change. Null if the operator did. */
  @Property({ type: 'uuid', nullable: true })
  clientId: string | null = null;

  /** The client's token. Null for a token of an external issuer. */
  @Property({ type: 'uuid', nullable: true })
  tokenId: string | null = null;

  /** The request that made the change. Null if the operator did. */
  @Property({ type: 'uuid', nullable: true })
  requestId: string | null = null;

  /** The operator's command, such as `import`. */
  @Property({ type: 'text', nullable: true })
  command: string | null = null;

  /** The batch of an import that made the change. A repeated batch finds by it what it has changed already. */
  @Property({ type: 'uuid', nullable: true })
  batchId: string | null = null;
}
