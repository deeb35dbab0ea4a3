import { describe, expect, test } from 'vitest';
import { checkKey, hashRequest } from '../../src/idempotency/idempotency-key.js';

describe('a key', () => {
  test('has 1 to 255 characters', () => {
    expect(checkKey(' k ')).toEqual({ key: 'k' });
    expect(checkKey('😀'.repeat(255))).toEqual({ key: '😀'.repeat(255) });
    expect(checkKey('k'.repeat(256))).toMatchObject({
      errors: [{ path: 'idempotencyKey', code: 'TOO_LONG' }],
    });
    expect(checkKey(' ')).toMatchObject({ errors: [{ path: 'idempotencyKey', code: 'REQUIRED' }] });
  });
});

describe('the hash of a request', () => {
  const hash = hashRequest('createCustomer', [{ customer: 'A', email: 'a@b.co' }]);

  test('is that of a request that says null where this one says nothing', () => {
    const same = hashRequest('createCustomer', [
      { customer: 'A', email: 'a@b.co', notes: null, status: undefined },
    ]);
    expect(same).toEqual(hash);
  });

  test.each([
    ['operation', hashRequest('createCustomers', [{ customer: 'A', email: 'a@b.co' }])],
    ['value', hashRequest('createCustomer', [{ customer: 'B', email: 'a@b.co' }])],
    ['place of a value', hashRequest('createCustomer', [{ customer: 'a@b.co', email: 'A' }])],
    ['parts', hashRequest('createCustomer', [{ customer: 'A', email: 'a@b.co' }], [])],
    ['number of rows', hashRequest('createCustomer', [{ customer: 'A', email: 'a@b.co' }, {}])],
  ])('differs with another %s', (_case, other) => {
    expect(other).not.toEqual(hash);
  });
});
