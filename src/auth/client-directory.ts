import { createSecretKey, type KeyObject } from 'node:crypto';
import { type MikroORM } from '@mikro-orm/postgresql';
import { ApiClient } from './api-client.entity.js';
import { type SecretBox } from './secret-box.js';

/** How long the list may be used before it is read again: a revoked client stops within this time. */
const MAX_AGE_MS = 5_000;

/** An unknown id reads the list again (a client may be new), but no more often than this. */
const UNKNOWN_CLIENT_INTERVAL_MS = 1_000;

interface Entry {
  readonly ciphertext: Buffer;
  readonly secret: KeyObject;
}

/**
 * All clients in use, in memory. Partner apps are few, so the list is kept whole: a caller with an id of their own
 * invention costs no query, however many they invent.
 */
export class ClientDirectory {
  #clients: ReadonlyMap<string, Entry> = new Map();
  #readAt = -Infinity;
  #reading: Promise<void> | undefined;

  constructor(
    private readonly orm: MikroORM,
    private readonly box: SecretBox,
    private readonly onUnreadable: (clientId: string, error: unknown) => void,
  ) {}

  /** The secret of a client, or undefined when there is no such client or it is revoked. */
  async secretOf(clientId: string): Promise<KeyObject | undefined> {
    const age = performance.now() - this.#readAt;
    const mayBeNew = age >= UNKNOWN_CLIENT_INTERVAL_MS && !this.#clients.has(clientId);
    if (age >= MAX_AGE_MS || mayBeNew) {
      this.#reading ??= this.#read().finally(() => {
        this.#reading = undefined;
      });
      await this.#reading;
    }
    return this.#clients.get(clientId)?.secret;
  }

  async #read(): Promise<void> {
    const readAt = performance.now();
    const rows = await this.orm.em.fork().find(ApiClient, { revokedAt: null }, { disableIdentityMap: true });
    const clients = new Map<string, Entry>();
    for (const row of rows) {
      const entry = this.#entry(row);
      if (entry) clients.set(row.id, entry);
    }
    this.#clients = clients;
    this.#readAt = readAt;
  }

  /** Decrypts only what changed. One unreadable secret shuts out its own client, not the others. */
  #entry(row: ApiClient): Entry | undefined {
    const known = this.#clients.get(row.id);
    if (known?.ciphertext.equals(row.secretCiphertext)) return known;
    try {
      const secret = this.box.open({ ciphertext: row.secretCiphertext, keyId: row.secretKeyId }, row.id);
      return { ciphertext: row.secretCiphertext, secret: createSecretKey(secret) };
    } catch (error) {
      this.onUnreadable(row.id, error);
      return undefined;
    }
  }
}
