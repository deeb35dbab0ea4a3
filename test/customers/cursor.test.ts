import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { decodeCursor, encodeCursor } from '../../src/customers/list/cursor.js';
import { CustomerOrderField } from '../../src/customers/list/customer-order.js';

const { CUSTOMER, CREATED_AT, UPDATED_AT } = CustomerOrderField;

describe('a cursor', () => {
  test('is the place that it was made of', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'));
    fc.assert(
      fc.property(text, fc.uuid(), (key, uuid) => {
        expect(decodeCursor(CUSTOMER, encodeCursor(CUSTOMER, { key, uuid }))).toEqual({ key, uuid });
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.uuid(), (key, uuid) => {
        expect(decodeCursor(CREATED_AT, encodeCursor(CREATED_AT, { key, uuid }))).toEqual({ key, uuid });
      }),
    );
  });

  test('is undefined for any other text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json().map(base64url)), (cursor) => {
        expect(decodeCursor(CUSTOMER, cursor)).toBeUndefined();
      }),
    );
  });

  const uuid = crypto.randomUUID();
  test.each([
    ['of another order', encodeCursor(UPDATED_AT, { key: 1, uuid })],
    ['with text for a time', base64url(JSON.stringify([CREATED_AT, 'x', uuid]))],
    ['with a time that PostgreSQL does not know', base64url(JSON.stringify([CREATED_AT, 1e300, uuid]))],
    ['with a time before all', base64url(JSON.stringify([CREATED_AT, -1, uuid]))],
    ['with no uuid', base64url(JSON.stringify([CREATED_AT, 1, 'x']))],
    ['with more', base64url(JSON.stringify([CREATED_AT, 1, uuid, 1]))],
  ])('%s is none', (_case, cursor) => {
    expect(decodeCursor(CREATED_AT, cursor)).toBeUndefined();
  });

  test.each(['a\0b', 'a\ud800'])('with %j, which PostgreSQL cannot compare, is none', (key) => {
    expect(decodeCursor(CUSTOMER, base64url(JSON.stringify([CUSTOMER, key, uuid])))).toBeUndefined();
  });
});

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url');
}
