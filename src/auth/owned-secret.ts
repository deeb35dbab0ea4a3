import { raw } from '@mikro-orm/core';
import { type Sealed } from './secret-box.js';

/** A secret of an owner, such as a client, encrypted by {@link SecretBox} for the owner's ID. */
export interface OwnedSecret extends Sealed {
  readonly id: string;
  /** When the secret expires; null for the current one. */
  readonly expiresAt: Date | null;
  /** The ID of the owner. */
  ownerId(): string;
}

/** The condition for secrets that have not expired, by the database's clock, which all gateways share. */
export const unexpired = () => ({ $or: [{ expiresAt: null }, { expiresAt: { $gt: raw('now()') } }] });
