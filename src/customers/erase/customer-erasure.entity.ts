import { Check, Entity, Index, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';

/** The receipt of an erasure: what was removed, when and by whom. It has no personal data and is kept with the customer's row. */
@Entity()
@Index({ name: 'customer_erasure_team_id_index', properties: ['teamId'] })
@Check({ name: 'customer_erasure_actor', expression: 'num_nonnulls(request_id, command) = 1' })
export class CustomerErasure {
  @PrimaryKey({ type: 'uuid' })
  customerId!: string;

  @Property({ type: 'uuid' })
  teamId!: string;

  /** The event of type `ERASED`, which is removed when its time is over. */
  @Property({ type: 'uuid' })
  eventId!: string;

  @Property({ type: 'datetime', length: 3 })
  erasedAt!: Date;

  /** Contacts that were removed. */
  @Property({ type: 'integer' })
  contacts!: number;

  /** Events whose customer and changes were replaced. */
  @Property({ type: 'integer' })
  events!: number;

  /** Idempotency keys that were replaced by a hash. */
  @Property({ type: 'integer' })
  idempotencyKeys!: number;

  /** The client that erased the customer. Null if a command or the retention did. */
  @Property({ type: 'uuid', nullable: true })
  clientId: string | null = null;

  /** The client's token. Null for a token of an external issuer. */
  @Property({ type: 'uuid', nullable: true })
  tokenId: string | null = null;

  /** The request that erased the customer. Null if a command or the retention did. */
  @Property({ type: 'uuid', nullable: true })
  requestId: string | null = null;

  /** The command `erase`, or `retention`. */
  @Property({ type: 'text', nullable: true })
  command: string | null = null;
}
