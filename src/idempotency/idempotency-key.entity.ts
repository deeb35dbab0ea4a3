import { PrimaryKeyProp, type Ref } from '@mikro-orm/core';
import { Check, Entity, Index, ManyToOne, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { ApiClient } from '../auth/api-client.entity.js';
import { Team } from '../teams/team.entity.js';
import { MAX_KEY_LENGTH } from './idempotency-key.js';

/**
 * The data that a repeated request needs, beside its own input, to return the original result: the seed of the IDs and the outcome of
 * each row. At most 1,253 bytes for any input.
 */
@Entity()
@Check({ name: 'idempotency_key_request_hash_length', expression: 'octet_length(request_hash) = 32' })
@Check({ name: 'idempotency_key_outcomes_letters', expression: `outcomes ~ '^[ceiux]{1,100}$'` })
@Check({
  name: 'idempotency_key_kept_whole',
  expression: 'num_nonnulls(seed, outcomes) = 2 or num_nonnulls(result, conflicts) = 2',
})
export class IdempotencyKey {
  [PrimaryKeyProp]?: ['client', 'team', 'key'];

  @ManyToOne({ entity: () => ApiClient, ref: true, primary: true, deleteRule: 'cascade' })
  client!: Ref<ApiClient>;

  @ManyToOne({ entity: () => Team, ref: true, primary: true, deleteRule: 'cascade' })
  team!: Ref<Team>;

  @PrimaryKey({ type: 'string', length: MAX_KEY_LENGTH })
  key!: string;

  /** SHA-256 of the operation, its input and what the rules made of it. */
  @Property({ type: 'blob' })
  requestHash!: Buffer;

  /** The UUID that the IDs of the call's customers and contacts are made from. */
  @Property({ type: 'uuid', nullable: true })
  seed: string | null = null;

  /** One letter for each row, in the order sent. */
  @Property({ type: 'text', nullable: true })
  outcomes: string | null = null;

  /**
   * Written by gateways of before `seed`, which may still run beside this one: the rows, with their IDs or their errors.
   * Keys live for a day, so the next release drops this column and `conflicts`.
   */
  @Property({ type: 'json', nullable: true })
  result: unknown = null;

  /** The code of the conflict for each ID of `result` that was not stored. */
  @Property({ type: 'json', nullable: true })
  conflicts: unknown = null;

  /** The customers that were stored have the same time: one statement writes both. */
  @Property({ type: 'datetime', length: 3, defaultRaw: 'now()' })
  @Index({ name: 'idempotency_key_created_at_index' })
  createdAt!: Date;
}
