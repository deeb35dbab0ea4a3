import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** An encrypted secret and the ID of its key. */
export interface Sealed {
  /** 12 bytes of nonce, the ciphertext, 16 bytes of tag. */
  readonly ciphertext: Buffer;
  readonly keyId: string;
}

const ALGORITHM = 'aes-256-gcm';
/** The nonce length that GCM is made for (NIST SP 800-38D, 8.2). */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts small secrets with AES-256-GCM. The first key encrypts; every key decrypts, so keys can rotate. */
export class SecretBox {
  readonly #keys: ReadonlyMap<string, Buffer>;
  readonly #current: { readonly id: string; readonly key: Buffer };

  /** @param keys - one or more keys of 32 bytes, the newest first. */
  constructor(keys: readonly Buffer[]) {
    const [newest] = keys;
    if (!newest) throw new Error('A secret box needs at least one key');
    this.#keys = new Map(keys.map((key) => [keyId(key), key]));
    this.#current = { id: keyId(newest), key: newest };
  }

  /** The ID of the key that encrypts. */
  get keyId(): string {
    return this.#current.id;
  }

  /**
   * Encrypts `secret` for one owner.
   *
   * @param owner - bound to the ciphertext, which cannot be decrypted for another owner.
   */
  seal(secret: string, owner: string): Sealed {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#current.key, nonce).setAAD(Buffer.from(owner));
    const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return { ciphertext: Buffer.concat([nonce, body, cipher.getAuthTag()]), keyId: this.#current.id };
  }

  /**
   * Decrypts the result of {@link seal} for the same owner.
   *
   * @throws if no key has the ID, or the ciphertext was modified or belongs to another owner.
   */
  open(sealed: Sealed, owner: string): Buffer {
    const key = this.#keys.get(sealed.keyId);
    if (!key) throw new Error(`No secrets key has the id ${sealed.keyId}`);
    const nonce = sealed.ciphertext.subarray(0, NONCE_BYTES);
    const body = sealed.ciphertext.subarray(NONCE_BYTES, -TAG_BYTES);
    const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(owner))
      .setAuthTag(sealed.ciphertext.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(body), decipher.final()]);
  }
}

/** The public ID of a key: the first 8 bytes of its SHA-256. */
function keyId(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 16);
}
