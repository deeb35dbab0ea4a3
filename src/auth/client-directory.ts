import { createSecretKey, type KeyObject } from 'node:crypto';
import { type MikroORM } from '@mikro-orm/postgresql';
import { ClientSecret, unexpired } from './client-secret.entity.js';
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
  readonly key: KeyObject;
}

const NO_SECRETS: readonly KeyObject[] = [];

/**
 * All clients in use, in memory, each with the secrets that work now. Partner apps are few, so the list is kept whole and,
 * from the first request on, read again every second. A caller with an id of their own invention costs no query, and waits
 * for none that a known one would not wait for: the time of an answer does not tell which ids there are.
 */
export class ClientDirectory {
  /** By client id. */
  #clients: ReadonlyMap<string, readonly KeyObject[]> = new Map();
  /** By the secret's own id. */
  #secrets: ReadonlyMap<string, KnownSecret> = new Map();
  /** Ids of the secrets that no key opened when they were last read: each is told once. */
  #unreadable: ReadonlySet<string> = new Set();
  #readAt = -Infinity;
  #reading: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly orm: MikroORM,
    private readonly box: SecretBox,
    private readonly onUnreadable: (clientId: string, error: unknown) => void,
  ) {}

  /** The secrets of a client, none when there is no such client or it is revoked. */
  async secretsOf(clientId: string): Promise<readonly KeyObject[]> {
    if (performance.now() - this.#readAt >= MAX_AGE_MS) await this.#read();
    this.#timer ??= setInterval(() => {
      // The next request that finds the list too old is told why.
      this.#read().catch(() => {});
    }, READ_INTERVAL_MS).unref();
    return this.#clients.get(clientId) ?? NO_SECRETS;
  }

  /** Stops reading, and waits for what is under way: the ORM does not close while it reads. */
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
    const unreadable = new Set<string>();
    for (const row of rows) {
      const secret = this.#open(row);
      if (!secret) {
        unreadable.add(row.id);
        continue;
      }
      secrets.set(row.id, secret);
      const keys = clients.get(row.client.id);
      if (keys) keys.push(secret.key);
      else clients.set(row.client.id, [secret.key]);
    }
    this.#secrets = secrets;
    this.#clients = clients;
    this.#unreadable = unreadable;
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
      if (!this.#unreadable.has(row.id)) this.onUnreadable(row.client.id, error);
      return undefined;
    }
  }
}
