import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { readRetryAfter } from '../../client/src/retry.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');

describe('Retry-After', () => {
  test.each([
    ['seconds', '120', 120_000],
    ['no wait', '0', 0],
    ['a date', 'Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['a date that has passed', 'Wed, 31 Dec 2025 23:59:00 GMT', 0],
    ['nothing', null, 0],
    ['something else', 'soon', 0],
  ])('is read from %s', (_form, value, waitMs) => {
    expect(readRetryAfter(value, NOW)).toBe(waitMs);
  });

  test('returns a wait for any header', () => {
    fc.assert(fc.property(fc.string(), (value) => readRetryAfter(value, NOW) >= 0));
  });
});
