import { type Opt, raw, type Ref } from '@mikro-orm/core';
import { Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { newUuid } from '../database/uuid.js';
import { ApiClient } from './api-client.entity.js';

/**
 * A secret that signs a client's requests. A client has one current secret, and during a rotation the one before it,
 * which expires. What was ended is deleted; what expired is, too, with the next
 * rotation or re-encryption.
 */
@Entity()
@Index({
  name: 'client_secret_current_unique',
  expression:
    'create unique index "client_secret_current_unique" on "client_secret" ("client_id") where "expires_at" is null',
})
export class ClientSecret {
  @PrimaryKey({ type: 'uuid' })
  id: string = newUuid();

  @ManyToOne({ entity: () => ApiClient, ref: true, index: true, deleteRule: 'cascade' })
  client!: Ref<ApiClient>;

  /** The secret, sealed by {@link SecretBox} for its client's id. */
  @Property({ type: 'blob' })
  ciphertext!: Buffer;

  /** Which key sealed the secret, so that keys can be rotated one row at a time. */
  @Property({ type: 'string', length: 16 })
  keyId!: string;

  @Property({ type: 'datetime', length: 3, defaultRaw: 'now()' })
  createdAt: Opt<Date> = new Date();

  /** When the secret stops working; null for the current one. */
  @Property({ type: 'datetime', length: 3, nullable: true })
  expiresAt: Date | null = null;
}

/** The condition for secrets that work now. The database's clock decides, for it is one for all gateways. */
export const unexpired = () => ({ $or: [{ expiresAt: null }, { expiresAt: { $gt: raw('now()') } }] });
