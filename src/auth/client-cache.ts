import { createSecretKey, type KeyObject } from 'node:crypto';
import { type MikroORM } from '@mikro-orm/postgresql';
import { numberParameters } from '../database/statement.js';
import { type DocumentPolicy } from './document-policy.js';
import { readClientsStatement } from './read-clients.statement.js';
import { type Sealed, type SecretBox } from './secret-box.js';

/**
 * How long the list may be used before it is read again: a revoked client and an expired secret stop within this time, and changes of
 * a client's documents take effect.
 */
const MAX_AGE_MS = 5_000;

/** How often the list is read, so that a new client soon works. */
const READ_INTERVAL_MS = 1_000;

interface KnownSecret {
  readonly ciphertext: Buffer;
  /** Undefined if it could not be decrypted. */
  readonly key: KeyObject | undefined;
}

interface SecretRow extends Sealed {
  readonly id: string;
  readonly clientId: string;
  readonly documentPolicy: DocumentPolicy;
  readonly documentsVersion: string | null;
}

const bindRead = numberParameters(readClientsStatement);

/** A client that is not revoked. */
export interface KnownClient {
  readonly clientId: string;
  /** At least one. */
  readonly secrets: readonly KeyObject[];
  readonly documentPolicy: DocumentPolicy;
  /** Changes with the client's published documents. Null until the first is published. */
  readonly documentsVersion: string | null;
}

/**
 * Caches all active clients with their current secrets and settings. Partner apps are few, so the whole list is cached. From the first
 * request on it is refreshed every second, independent of requests: an unknown client ID costs no query and takes no longer
 * than a known one.
 */
export class ClientCache {
  /** By client id. */
  #clients: ReadonlyMap<string, KnownClient> = new Map();
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

  /** Returns a client, or undefined if there is no such client or it is revoked. */
  async get(clientId: string): Promise<KnownClient | undefined> {
    if (performance.now() - this.#readAt >= MAX_AGE_MS) await this.#read();
    this.#timer ??= setInterval(() => {
      // A request that finds the list expired reads it again and reports the error.
      this.#read().catch(() => {});
    }, READ_INTERVAL_MS).unref();
    return this.#clients.get(clientId);
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
    const pool = await this.orm.em.getConnection().getNativeClient();
    // Without the ORM: its entities of 1,000 clients would keep the main thread for 100 ms every second.
    const { rows } = await pool.query<SecretRow>(bindRead({}));
    const secrets = new Map<string, KnownSecret>();
    const clients = new Map<string, KnownClient>();
    for (const row of rows) {
      const secret = this.#open(row);
      secrets.set(row.id, secret);
      if (!secret.key) continue;
      const { clientId, documentPolicy, documentsVersion } = row;
      const others = clients.get(clientId)?.secrets ?? [];
      clients.set(clientId, { clientId, secrets: [...others, secret.key], documentPolicy, documentsVersion });
    }
    this.#secrets = secrets;
    this.#clients = clients;
    this.#readAt = readAt;
  }

  /**
   * Decrypts only what has changed, and reports each failure once. One unreadable secret shuts out its own client, not the
   * others.
   */
  #open(row: SecretRow): KnownSecret {
    const { ciphertext, clientId } = row;
    const known = this.#secrets.get(row.id);
    if (known?.ciphertext.equals(ciphertext)) return known;
    try {
      return { ciphertext, key: createSecretKey(this.box.open(row, clientId)) };
    } catch (error) {
      this.onUnreadable(clientId, error);
      return { ciphertext, key: undefined };
    }
  }
}
