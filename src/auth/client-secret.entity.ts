import { type Opt, type Ref } from '@mikro-orm/core';
import { Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { newUuid } from '../database/uuid.js';
import { ApiClient } from './api-client.entity.js';
import { type OwnedSecret } from './owned-secret.js';

/**
 * A secret that signs a client's requests. A client has one current secret and, during a rotation, the previous one, which
 * expires. Revoked secrets are deleted. Expired secrets are deleted by the next rotation or re-encryption.
 */
@Entity()
@Index({
  name: 'client_secret_current_unique',
  expression:
    'create unique index "client_secret_current_unique" on "client_secret" ("client_id") where "expires_at" is null',
})
export class ClientSecret implements OwnedSecret {
  @PrimaryKey({ type: 'uuid' })
  id: string = newUuid();

  @ManyToOne({ entity: () => ApiClient, ref: true, index: true, deleteRule: 'cascade' })
  client!: Ref<ApiClient>;

  /** The secret, encrypted by {@link SecretBox} for its client's ID. */
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

  /** The ID of its client. */
  ownerId(): string {
    return this.client.id;
  }
}
