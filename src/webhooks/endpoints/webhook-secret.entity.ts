import { type Ref } from '@mikro-orm/core';
import { Entity, Index, ManyToOne } from '@mikro-orm/decorators/legacy';
import { OwnedSecret } from '../../auth/owned-secret.js';
import { WebhookEndpoint } from './webhook-endpoint.entity.js';

/**
 * A secret that signs the deliveries of an endpoint. An endpoint has one current secret and, during a rotation, the previous one, which
 * expires. Expired secrets are deleted by the next rotation or re-encryption.
 */
@Entity()
@Index({
  name: 'webhook_secret_current_unique',
  expression:
    'create unique index "webhook_secret_current_unique" on "webhook_secret" ("endpoint_id") where "expires_at" is null',
})
export class WebhookSecret extends OwnedSecret {
  @ManyToOne({ entity: () => WebhookEndpoint, ref: true, index: true, deleteRule: 'cascade' })
  endpoint!: Ref<WebhookEndpoint>;

  /** The ID of its endpoint. */
  override ownerId(): string {
    return this.endpoint.id;
  }
}
