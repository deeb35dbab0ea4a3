import { createSecretKey, type KeyObject } from 'node:crypto';
import { type MikroORM } from '@mikro-orm/postgresql';
import { ClientSecret } from './client-secret.entity.js';
import { unexpired } from './owned-secret.js';
import { type SecretBox } from './secret-box.js';

/**
 * How long the list may be used before it is read again: a revoked client and an expired secret stop
 * within this time.
 */
const MAX_AGE_MS = 5_000;

/** How often the list is read, so that a new client soon works. */
const READ_INTERVAL_MS = 1_000;

interface KnownSecret {
  readonly ciphertext: Buffer;
  /** Undefined if it could not be decrypted. */
  readonly key: KeyObject | undefined;
}

const NO_SECRETS: readonly KeyObject[] = [];

/**
 * Caches all active clients with their current secrets. Partner apps are few, so the whole list is cached. From the first
 * request on it is refreshed every second, independent of requests: an unknown client ID costs no query and takes no longer
 * than a known one.
 */
export class ClientSecretCache {
  /** By client id. */
  #clients: ReadonlyMap<string, readonly KeyObject[]> = new Map();
  /** By the secret's own id. */
  #secrets: ReadonlyMap<string, KnownSecret> = new Map();
  #readAt = -Infinity;
  #reading: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly orm: MikroORM,
    private readonly box: SecretBox,
    private readonly onUnreadable: (clientId: string, error: unknown) => void,
  ) {}

  /** The secrets of a client, none when there is no such client or it is revoked. */
  async get(clientId: string): Promise<readonly KeyObject[]> {
    if (performance.now() - this.#readAt >= MAX_AGE_MS) await this.#read();
    this.#timer ??= setInterval(() => {
      // A request that finds the list expired reads it again and reports the error.
      this.#read().catch(() => {});
    }, READ_INTERVAL_MS).unref();
    return this.#clients.get(clientId) ?? NO_SECRETS;
  }

  /** Stops refreshing and waits for a read in progress, which would keep the ORM from closing. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#reading?.catch(() => {});
  }

  #read(): Promise<void> {
    this.#reading ??= this.#readList().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #readList(): Promise<void> {
    const readAt = performance.now();
    const rows = await this.orm.em
      .fork()
      .find(ClientSecret, { client: { revokedAt: null }, ...unexpired() }, { disableIdentityMap: true });
    const secrets = new Map<string, KnownSecret>();
    const clients = new Map<string, KeyObject[]>();
    for (const row of rows) {
      const secret = this.#open(row);
      secrets.set(row.id, secret);
      if (!secret.key) continue;
      const keys = clients.get(row.client.id);
      if (keys) keys.push(secret.key);
      else clients.set(row.client.id, [secret.key]);
    }
    this.#secrets = secrets;
    this.#clients = clients;
    this.#readAt = readAt;
  }

  /**
   * Decrypts only what has changed, and reports each failure once. One unreadable secret shuts out its own client, not the
   * others.
   */
  #open(row: ClientSecret): KnownSecret {
    const { ciphertext } = row;
    const known = this.#secrets.get(row.id);
    if (known?.ciphertext.equals(ciphertext)) return known;
    try {
      return { ciphertext, key: createSecretKey(this.box.open(row, row.client.id)) };
    } catch (error) {
      this.onUnreadable(row.client.id, error);
      return { ciphertext, key: undefined };
    }
  }
}
