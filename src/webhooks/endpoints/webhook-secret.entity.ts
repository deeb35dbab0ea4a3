import { type Opt, type Ref } from '@mikro-orm/core';
import { Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { type OwnedSecret } from '../../auth/owned-secret.js';
import { newUuid } from '../../database/uuid.js';
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
export class WebhookSecret implements OwnedSecret {
  @PrimaryKey({ type: 'uuid' })
  id: string = newUuid();

  @ManyToOne({ entity: () => WebhookEndpoint, ref: true, index: true, deleteRule: 'cascade' })
  endpoint!: Ref<WebhookEndpoint>;

  /** The secret, encrypted by {@link SecretBox} for its endpoint's ID. */
  @Property({ type: 'blob' })
  ciphertext!: Buffer;

  /** The key that encrypted the secret, so that keys can be rotated row by row. */
  @Property({ type: 'string', length: 16 })
  keyId!: string;

  @Property({ type: 'datetime', length: 3, defaultRaw: 'now()' })
  createdAt: Opt<Date> = new Date();

  /** When the secret expires; null for the current one. */
  @Property({ type: 'datetime', length: 3, nullable: true })
  expiresAt: Date | null = null;

  /** The ID of its endpoint. */
  ownerId(): string {
    return this.endpoint.id;
  }
}
