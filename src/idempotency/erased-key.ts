/**
 * SQL: the text that replaces an idempotency key whose customer was erased. A repeated request is recognized by it. No key of
 * a client is equal to it, because keys have no leading space.
 *
 * @param key - SQL of the key.
 */
export const erasedKey = (key: string): string => `' ' || encode(sha256(convert_to(${key}, 'UTF8')), 'hex')`;
