import { type Opt, type Ref } from '@mikro-orm/core';
import { Check, Entity, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { newUuid } from '../database/uuid.js';
import { Team } from '../teams/team.entity.js';
import { ApiClient } from './api-client.entity.js';
import { scopes } from './scopes.js';

/** A user's consent: lets one client act for one team until it expires or is revoked. */
@Entity()
@Check({ name: 'access_token_hash_length', expression: 'octet_length(hash) = 32' })
@Check({
  name: 'access_token_scopes',
  expression: `cardinality(scopes) > 0 and scopes <@ array[${scopes.map((scope) => `'${scope}'`).join(', ')}]`,
})
export class AccessToken {
  @PrimaryKey({ type: 'uuid' })
  id: string = newUuid();

  @ManyToOne({ entity: () => ApiClient, ref: true, index: true, deleteRule: 'cascade' })
  client!: Ref<ApiClient>;

  @ManyToOne({ entity: () => Team, ref: true, index: true, deleteRule: 'cascade' })
  team!: Ref<Team>;

  /** SHA-256 of the token. The token itself is never stored. */
  @Property({ type: 'blob', unique: true })
  hash!: Buffer;

  /** What the token allows. Null: everything, also scopes that are added later. */
  @Property({ type: 'array', nullable: true })
  scopes: string[] | null = null;

  @Property({ type: 'datetime', length: 3, defaultRaw: 'now()' })
  createdAt: Opt<Date> = new Date();

  @Property({ type: 'datetime', length: 3 })
  expiresAt!: Date;

  @Property({ type: 'datetime', length: 3, nullable: true })
  revokedAt: Date | null = null;
}
