import { PrimaryKeyProp, type Ref } from '@mikro-orm/core';
import { Check, Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { ApiClient } from '../auth/api-client.entity.js';
import { Team } from '../teams/team.entity.js';
import { MAX_KEY_LENGTH } from './idempotency-key.js';

/** What a call that stored something answered, so that the same call again gets the same answer. */
@Entity()
@Check({ name: 'idempotency_key_request_hash_length', expression: 'octet_length(request_hash) = 32' })
export class IdempotencyKey {
  [PrimaryKeyProp]?: ['client', 'team', 'key'];

  @ManyToOne({ entity: () => ApiClient, ref: true, primary: true, deleteRule: 'cascade' })
  client!: Ref<ApiClient>;

  @ManyToOne({ entity: () => Team, ref: true, primary: true, deleteRule: 'cascade' })
  team!: Ref<Team>;

  @PrimaryKey({ type: 'string', length: MAX_KEY_LENGTH })
  key!: string;

  /** SHA-256 of the operation and its input. */
  @Property({ type: 'blob' })
  requestHash!: Buffer;

  /** What was sent, row by row, with the ids it got or the errors it has. */
  @Property({ type: 'json' })
  result!: unknown;

  /** The code of the conflict for each id that was not stored. */
  @Property({ type: 'json' })
  conflicts!: unknown;

  /** The customers that were stored have the same time: one statement writes both. */
  @Property({ type: 'datetime', length: 3, defaultRaw: 'now()' })
  @Index({ name: 'idempotency_key_created_at_index' })
  createdAt!: Date;
}
