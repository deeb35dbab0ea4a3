import { type Opt } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { newUuid } from '../database/uuid.js';

/** A partner app. Its id is the public `x-client-id`; its secret signs requests. */
@Entity()
export class ApiClient {
  @PrimaryKey({ type: 'uuid' })
  id: string = newUuid();

  @Property({ type: 'string', length: 255 })
  name!: string;

  /** The client secret, sealed by {@link SecretBox}. */
  @Property({ type: 'blob' })
  secretCiphertext!: Buffer;

  /** Which key sealed the secret, so that keys can be rotated one row at a time. */
  @Property({ type: 'string', length: 16 })
  secretKeyId!: string;

  @Property({ type: 'datetime', length: 3, defaultRaw: 'now()' })
  createdAt: Opt<Date> = new Date();

  @Property({ type: 'datetime', length: 3, nullable: true })
  revokedAt: Date | null = null;
}
