import { createSecretKey, type KeyObject } from 'node:crypto';
import { type MikroORM } from '@mikro-orm/postgresql';
import { ClientSecret, unexpired } from './client-secret.entity.js';
import { type SecretBox } from './secret-box.js';

/**
 * How long the list may be used before it is read again: a revoked client and an expired secret stop
 * within this time.
 */
const MAX_AGE_MS = 5_000;

/** An unknown id reads the list again (a client may be new), but no more often than this. */
const UNKNOWN_CLIENT_INTERVAL_MS = 1_000;

interface KnownSecret {
  readonly ciphertext: Buffer;
  readonly key: KeyObject;
}

const NO_SECRETS: readonly KeyObject[] = [];

/**
 * All clients in use, in memory, each with the secrets that work now. Partner apps are few, so the list is kept whole: a
 * caller with an id of their own invention costs no query, however many they invent.
 */
export class ClientDirectory {
  /** By client id. */
  #clients: ReadonlyMap<string, readonly KeyObject[]> = new Map();
  /** By the secret's own id. */
  #secrets: ReadonlyMap<string, KnownSecret> = new Map();
  #readAt = -Infinity;
  #reading: Promise<void> | undefined;

  constructor(
    private readonly orm: MikroORM,
    private readonly box: SecretBox,
    private readonly onUnreadable: (clientId: string, error: unknown) => void,
  ) {}

  /** The secrets of a client, none when there is no such client or it is revoked. */
  async secretsOf(clientId: string): Promise<readonly KeyObject[]> {
    const age = performance.now() - this.#readAt;
    const mayBeNew = age >= UNKNOWN_CLIENT_INTERVAL_MS && !this.#clients.has(clientId);
    if (age >= MAX_AGE_MS || mayBeNew) {
      this.#reading ??= this.#read().finally(() => {
        this.#reading = undefined;
      });
      await this.#reading;
    }
    return this.#clients.get(clientId) ?? NO_SECRETS;
  }

  async #read(): Promise<void> {
    const readAt = performance.now();
    const rows = await this.orm.em
      .fork()
      .find(ClientSecret, { client: { revokedAt: null }, ...unexpired() }, { disableIdentityMap: true });
    const secrets = new Map<string, KnownSecret>();
    const clients = new Map<string, KeyObject[]>();
    for (const row of rows) {
      const secret = this.#open(row);
      if (!secret) continue;
      secrets.set(row.id, secret);
      const keys = clients.get(row.client.id);
      if (keys) keys.push(secret.key);
      else clients.set(row.client.id, [secret.key]);
    }
    this.#secrets = secrets;
    this.#clients = clients;
    this.#readAt = readAt;
  }

  /** Decrypts only what changed. One unreadable secret shuts out its own client, not the others. */
  #open(row: ClientSecret): KnownSecret | undefined {
    const known = this.#secrets.get(row.id);
    if (known?.ciphertext.equals(row.ciphertext)) return known;
    try {
      const key = createSecretKey(this.box.open(row, row.client.id));
      return { ciphertext: row.ciphertext, key };
    } catch (error) {
      this.onUnreadable(row.client.id, error);
      return undefined;
    }
  }
}
