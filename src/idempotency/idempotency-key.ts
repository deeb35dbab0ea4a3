import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Checked, fieldErrors } from '../validation/field-errors.js';
import { identifier, requiredText } from '../validation/text-rules.js';

/** In characters (code points). */
export const MAX_KEY_LENGTH = 255;

/** A key that a caller gave to one call, and what that call asks for. */
export interface IdempotentCall {
  /** Keys of two clients never meet. */
  readonly clientId: string;
  readonly key: string;
  /** SHA-256 of the operation, its input and what the rules made of it. */
  readonly requestHash: Buffer;
  /** The UUID that the IDs of the call's customers and contacts are made from, so that it is kept in their place. */
  readonly seed: string;
}

const keyRules = z.object({ idempotencyKey: requiredText(MAX_KEY_LENGTH, identifier) });

/** Cleans and checks a key. */
export function checkKey(idempotencyKey: string): Checked<{ readonly key: string }> {
  const parsed = keyRules.safeParse({ idempotencyKey });
  return parsed.success ? { key: parsed.data.idempotencyKey } : { errors: fieldErrors(parsed.error) };
}

/**
 * Hashes the input of a call, in time linear in its size. Fields are in the order of the schema, not of the request, and `null` equals
 * an omitted field, so a later version with more fields computes the same hash for clients that do not send them.
 */
export function hashRequest(operation: string, ...parts: readonly unknown[]): Buffer {
  const text = JSON.stringify([operation, ...parts], (_name, value: unknown) =>
    value === null ? undefined : value,
  );
  return createHash('sha256').update(text).digest();
}
