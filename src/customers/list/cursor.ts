import { z } from 'zod';
import { isStorable } from '../../validation/text-rules.js';
import { CustomerOrderField } from './customer-order.js';

/** A place in an order of customers. It stays one when the customer that was there is gone. */
export interface Position {
  /** The value of the order: text, or a time in ms since the epoch. */
  readonly key: string | number;
  readonly uuid: string;
}

/** The last ms that JavaScript and PostgreSQL both know: the end of the year 9999. */
const MAX_TIME_MS = Date.UTC(10_000, 0, 1) - 1;

const text = z.string().refine(isStorable);
const time = z.int().min(0).max(MAX_TIME_MS);
const content = z.union([
  z.tuple([z.enum([CustomerOrderField.CUSTOMER, CustomerOrderField.EMAIL]), text, z.uuid()]),
  z.tuple([z.enum([CustomerOrderField.CREATED_AT, CustomerOrderField.UPDATED_AT]), time, z.uuid()]),
]);

/** The opaque text of a place in the order by `field`. */
export function encodeCursor(field: CustomerOrderField, { key, uuid }: Position): string {
  return Buffer.from(JSON.stringify([field, key, uuid])).toString('base64url');
}

/** Decodes a cursor of a list ordered by `field`. Returns undefined for any other text. */
export function decodeCursor(field: CustomerOrderField, cursor: string): Position | undefined {
  const parsed = content.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!parsed.success) return undefined;
  const [of, key, uuid] = parsed.data;
  return of === field ? { key, uuid } : undefined;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
