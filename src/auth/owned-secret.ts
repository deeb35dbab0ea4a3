import { type Opt, raw } from '@mikro-orm/core';
import { PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { newUuid } from '../database/uuid.js';
import { type Sealed } from './secret-box.js';

/** A secret of an owner, such as a client, encrypted by {@link SecretBox} for the owner's ID. Each kind has a table of its own. */
export abstract class OwnedSecret implements Sealed {
  @PrimaryKey({ type: 'uuid' })
  id: string = newUuid();

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

  /** The ID of the owner. */
  abstract ownerId(): string;
}

/** The condition for secrets that have not expired, by the database's clock, which all gateways share. */
export const unexpired = () => ({ $or: [{ expiresAt: null }, { expiresAt: { $gt: raw('now()') } }] });
