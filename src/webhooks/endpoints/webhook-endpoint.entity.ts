import { type Opt, type Ref } from '@mikro-orm/core';
import { Check, Entity, Enum, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { AccessToken } from '../../auth/access-token.entity.js';
import { ApiClient } from '../../auth/api-client.entity.js';
import { CustomerEventType } from '../../customers/events/event-type.js';
import { newUuid } from '../../database/uuid.js';
import { Team } from '../../teams/team.entity.js';
import { limits } from '../limits.js';
import { WebhookDisabledReason, WebhookEndpointStatus } from './endpoint-status.js';

/**
 * A URL of a client that receives the events of one team. A deleted endpoint stays until its deliveries are removed, which takes
 * several statements.
 */
@Entity()
@Index({
  name: 'webhook_endpoint_open_index',
  expression: `create index "webhook_endpoint_open_index" on "webhook_endpoint" ("team_id") where "deleted_at" is null and "status" <> 'DISABLED'`,
})
@Index({ name: 'webhook_endpoint_client_index', properties: ['client', 'team'] })
@Check({
  name: 'webhook_endpoint_disabled',
  expression: `("status" = 'DISABLED') = ("disabled_reason" is not null)`,
})
export class WebhookEndpoint {
  @PrimaryKey({ type: 'uuid' })
  id: string = newUuid();

  @ManyToOne({ entity: () => Team, ref: true, deleteRule: 'cascade' })
  team!: Ref<Team>;

  @ManyToOne({ entity: () => ApiClient, ref: true, deleteRule: 'cascade' })
  client!: Ref<ApiClient>;

  /** The token that created the endpoint or last updated it. Null for a token of an external issuer. */
  @ManyToOne({ entity: () => AccessToken, ref: true, nullable: true, index: true, deleteRule: 'cascade' })
  token: Ref<AccessToken> | null = null;

  @Property({ type: 'string', length: limits.url })
  url!: string;

  /** The types of events that it receives; null for all. */
  @Property({ type: 'array', nullable: true })
  types: CustomerEventType[] | null = null;

  @Property({ type: 'string', length: limits.description, nullable: true })
  description: string | null = null;

  @Enum({ items: () => WebhookEndpointStatus })
  status: WebhookEndpointStatus = WebhookEndpointStatus.ENABLED;

  @Enum({ items: () => WebhookDisabledReason, nullable: true })
  disabledReason: WebhookDisabledReason | null = null;

  /** The first failed attempt since the last one that succeeded. */
  @Property({ type: 'datetime', length: 3, nullable: true })
  failingSince: Date | null = null;

  /** Runs of the worker in a row in which every attempt failed. */
  @Property({ type: 'integer', default: 0 })
  failedRuns: Opt<number> = 0;

  /** While an endpoint fails, the worker does not try it again before this time. */
  @Property({ type: 'datetime', length: 3, nullable: true })
  resumeAt: Date | null = null;

  /** The run of a worker that sends to the endpoint. */
  @Property({ type: 'uuid', nullable: true })
  sendingBy: string | null = null;

  /** When another worker may take over, because that run did not say that it goes on. */
  @Property({ type: 'datetime', length: 3, nullable: true })
  sendingUntil: Date | null = null;

  @Property({ type: 'datetime', length: 3, defaultRaw: 'now()' })
  createdAt: Opt<Date> = new Date();

  @Property({ type: 'datetime', length: 3, defaultRaw: 'now()' })
  updatedAt: Opt<Date> = new Date();

  @Property({ type: 'datetime', length: 3, nullable: true })
  deletedAt: Date | null = null;
}
