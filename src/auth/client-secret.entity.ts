import { type Ref } from '@mikro-orm/core';
import { Entity, Index, ManyToOne } from '@mikro-orm/decorators/legacy';
import { ApiClient } from './api-client.entity.js';
import { OwnedSecret } from './owned-secret.js';

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
export class ClientSecret extends OwnedSecret {
  @ManyToOne({ entity: () => ApiClient, ref: true, index: true, deleteRule: 'cascade' })
  client!: Ref<ApiClient>;

  /** The ID of its client. */
  override ownerId(): string {
    return this.client.id;
  }
}
