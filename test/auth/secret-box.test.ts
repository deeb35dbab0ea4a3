import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { SecretBox } from '../../src/auth/secret-box.js';

const oldKey = randomBytes(32);
const newKey = randomBytes(32);

describe('a sealed secret', () => {
  test('opens again with its key and owner, and does not show the secret', () => {
    const box = new SecretBox([oldKey]);
    const sealed = box.seal('s3cret', 'owner');
    expect(sealed.ciphertext.includes('s3cret')).toBe(false);
    expect(box.open(sealed, 'owner').toString()).toBe('s3cret');
  });

  test('differs each time', () => {
    const box = new SecretBox([oldKey]);
    expect(box.seal('s', 'o').ciphertext.equals(box.seal('s', 'o').ciphertext)).toBe(false);
  });

  test('opens for no other owner', () => {
    const box = new SecretBox([oldKey]);
    expect(() => box.open(box.seal('s3cret', 'owner'), 'other')).toThrow('authenticate');
  });

  test('does not open once a bit of it is changed', () => {
    const box = new SecretBox([oldKey]);
    const sealed = box.seal('s3cret', 'owner');
    for (let index = 0; index < sealed.ciphertext.length; index += 1) {
      const altered = Buffer.from(sealed.ciphertext);
      altered[index] = (altered[index] ?? 0) ^ 1;
      expect(() => box.open({ ...sealed, ciphertext: altered }, 'owner')).toThrow('authenticate');
    }
  });

  test('opens after a new key came first, and not once its own key is gone', () => {
    const sealed = new SecretBox([oldKey]).seal('s3cret', 'owner');
    const rotated = new SecretBox([newKey, oldKey]);
    expect(rotated.open(sealed, 'owner').toString()).toBe('s3cret');
    expect(rotated.seal('x', 'owner').keyId).not.toBe(sealed.keyId);
    expect(() => new SecretBox([newKey]).open(sealed, 'owner')).toThrow('No secrets key has the id');
  });
});
