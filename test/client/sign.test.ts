import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { signRequest } from 'customer-gateway-client';
import fc from 'fast-check';

const CREDENTIALS = {
  clientId: '0b0e7a52-6b5c-4d0e-8f1a-2f3c4d5e6f70',
  clientSecret: 'cgs_example-secret',
  token: 'cgt_example-token',
};

describe('signRequest', () => {
  it('signs what the README says, as Node’s own cryptography does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 0, max: 9_999_999_999_999 }),
        async (body, now) => {
          const { text, signature } = await signRequest(CREDENTIALS, { path: '/graphql', body }, now);
          const bodyHash = createHash('sha256').update(body).digest('hex');
          expect(text).toBe(`POST:/graphql:${now}:${bodyHash}`);
          expect(signature).toBe(createHmac('sha256', CREDENTIALS.clientSecret).update(text).digest('hex'));
        },
      ),
    );
  });
});
