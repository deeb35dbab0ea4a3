import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signRequest } from 'customer-gateway-client';
import fc from 'fast-check';
import { signingVectors } from '../support/signing-vectors.js';

const CREDENTIALS = {
  clientId: '0b0e7a52-6b5c-4d0e-8f1a-2f3c4d5e6f70',
  clientSecret: 'cgs_example-secret',
  token: 'cgt_example-token',
};

describe('signRequest', () => {
  it('signs every published vector as it should, and none as a published mistake does', async () => {
    const { valid, invalid } = signingVectors;
    const signatureOf = ({
      secret,
      timestamp,
      ...request
    }: (typeof invalid)[number] | (typeof valid)[number]) =>
      signRequest({ ...CREDENTIALS, clientSecret: secret }, request, Number(timestamp));
    for (const vector of valid)
      expect(await signatureOf(vector)).toMatchObject({ text: vector.text, signature: vector.signature });
    for (const vector of invalid) expect((await signatureOf(vector)).signature).not.toBe(vector.signature);
  });

  it('signs what docs/signing.md says, as Node’s own cryptography does', async () => {
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
