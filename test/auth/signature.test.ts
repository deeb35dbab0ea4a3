import { createSecretKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { parseTimestamp, sign, verifySignature } from '../../src/auth/signature.js';
import { signingVectors } from '../support/signing-vectors.js';

const secret = createSecretKey(Buffer.from('cgs_example-secret'));
const parts = {
  method: 'POST',
  path: '/graphql',
  timestamp: '1767225600',
  body: Buffer.from('{"query":"{ __typename }"}'),
};

describe('a signature', () => {
  test('is that of every published vector', () => {
    for (const { secret: text, body, signature, ...vector } of signingVectors.valid) {
      const key = createSecretKey(Buffer.from(text));
      expect(sign(key, { ...vector, body: Buffer.from(body) }).toString('hex')).toBe(signature);
    }
  });

  test('is none that comes of a published mistake', () => {
    for (const { secret: text, body, signature, ...vector } of signingVectors.invalid) {
      const key = createSecretKey(Buffer.from(text));
      expect(verifySignature([key], { ...vector, body: Buffer.from(body) }, signature)).toBe(false);
    }
  });

  test('is, in the worked example of docs/signing.md, that of the first vector', async () => {
    const [vector] = signingVectors.valid;
    const document = await readFile('docs/signing.md', 'utf8');
    for (const part of ['secret', 'timestamp', 'body', 'bodyHash', 'text', 'signature'] as const) {
      expect(document).toContain(`| \`${vector?.[part]}\` `);
    }
  });

  test('fits its own parts and no others', () => {
    const signature = sign(secret, parts).toString('hex');
    expect(verifySignature([secret], parts, signature)).toBe(true);
    for (const change of [
      { method: 'PUT' },
      { path: '/graphql/' },
      { timestamp: '1767225601' },
      { body: Buffer.from('{"query":"{ __typename } "}') },
    ]) {
      expect(verifySignature([secret], { ...parts, ...change }, signature)).toBe(false);
    }
    expect(verifySignature([createSecretKey(Buffer.from('other'))], parts, signature)).toBe(false);
  });

  test('fits when any of several secrets made it, and not when there is none', () => {
    const other = createSecretKey(Buffer.from('other'));
    const signature = sign(secret, parts).toString('hex');
    expect(verifySignature([secret, other], parts, signature)).toBe(true);
    expect(verifySignature([other, secret], parts, signature)).toBe(true);
    expect(verifySignature([other, other], parts, signature)).toBe(false);
    expect(verifySignature([], parts, signature)).toBe(false);
  });

  test('breaks with any byte of the body', () => {
    const body = fc.uint8Array({ minLength: 1, maxLength: 64 });
    fc.assert(
      fc.property(body, fc.nat(), fc.integer({ min: 1, max: 255 }), (bytes, at, change) => {
        const signature = sign(secret, { ...parts, body: Buffer.from(bytes) }).toString('hex');
        const altered = Buffer.from(bytes);
        const index = at % bytes.length;
        altered[index] = (altered[index] ?? 0) ^ change;
        return !verifySignature([secret], { ...parts, body: altered }, signature);
      }),
    );
  });
});

describe('a timestamp', () => {
  test('is Unix time in seconds or milliseconds', () => {
    expect(parseTimestamp('1767225600')).toBe(1_767_225_600_000);
    expect(parseTimestamp('1767225600123')).toBe(1_767_225_600_123);
  });

  test('is nothing else', () => {
    for (const text of [
      '',
      '0',
      '176722560',
      '17672256001',
      '1767225600.1',
      '-767225600',
      ' 1767225600',
      '1e9',
      '١٧٦٧٢٢٥٦٠٠',
    ]) {
      expect(parseTimestamp(text)).toBeUndefined();
    }
  });
});
