import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { readCredentials } from '../../src/auth/credentials.js';

const NOW = 1_767_225_600_000;
const TOLERANCE_MS = 300_000;

const good = {
  'x-client-id': '0190a000-0000-7000-8000-000000000001',
  'x-timestamp': '1767225600',
  'x-signature': 'ab'.repeat(32),
  authorization: 'Bearer cgt_token',
};

const read = (headers: string[]) => readCredentials(headers, NOW, TOLERANCE_MS);

describe('credentials in headers', () => {
  test('are read in any order and among any others', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(Object.entries(good), { minLength: 4 }),
        fc.string(),
        (entries, value) => {
          const result = read(['host', 'example.com', ...entries.flat(), 'x-other', value]);
          expect(result).toEqual({
            credentials: {
              clientId: good['x-client-id'],
              timestamp: good['x-timestamp'],
              signature: good['x-signature'],
              token: 'cgt_token',
            },
          });
        },
      ),
    );
  });

  test('are refused or well-formed for any headers', () => {
    const anything = fc.record({
      'x-client-id': fc.string(),
      'x-timestamp': fc.oneof(fc.string(), fc.integer().map(String), fc.constant(good['x-timestamp'])),
      'x-signature': fc.oneof(fc.string(), fc.constant(good['x-signature'])),
      authorization: fc.oneof(
        fc.string(),
        fc.string().map((token) => `Bearer ${token}`),
      ),
    });
    fc.assert(
      fc.property(anything, (headers) => {
        const result = read(Object.entries(headers).flat());
        if ('failure' in result) return;
        const { clientId, signature, timestamp, token } = result.credentials;
        expect(clientId).not.toBe('');
        expect(signature).toMatch(/^[0-9a-f]{64}$/);
        expect(timestamp).toMatch(/^(\d{10}|\d{13})$/);
        expect(token).toMatch(/^\S+$/);
      }),
      { numRuns: 1_000 },
    );
  });

  test('may be as old or as far ahead as the tolerance, and not 1 ms more', () => {
    const at = (ms: number) => read(Object.entries({ ...good, 'x-timestamp': String(ms) }).flat());
    for (const sign of [-1, 1]) {
      expect(at(NOW + sign * TOLERANCE_MS)).toHaveProperty('credentials');
      expect(at(NOW + sign * (TOLERANCE_MS + 1))).toEqual({
        failure: { reason: 'TIMESTAMP_OUT_OF_RANGE', header: 'x-timestamp' },
      });
    }
  });
});
