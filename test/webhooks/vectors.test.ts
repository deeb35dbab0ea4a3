import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { testBody, webhookBody } from '../../src/webhooks/send/webhook-body.js';
import { webhookHeaders, type WebhookVector, webhookVectors } from '../support/webhook-vectors.js';

const { valid, invalid } = webhookVectors;

beforeAll(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterAll(() => {
  vi.useRealTimers();
});

/** Verifies a delivery with the package of the specification, at the time of the receiver's clock. @returns the event. */
function verify(vector: WebhookVector, now = vector.now): unknown {
  vi.setSystemTime(now * 1_000);
  return new Webhook(vector.secret).verify(vector.body, webhookHeaders(vector));
}

/** The message of the error for a delivery. */
function failureOf(vector: WebhookVector): string | undefined {
  try {
    verify(vector);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return undefined;
}

describe('the test vectors of webhooks', () => {
  test.each(valid)('$name is valid for the package of the specification', (vector) => {
    expect(verify(vector)).toEqual(JSON.parse(vector.body));
  });

  test('are invalid for the package of the specification because of their mistake', () => {
    const noMatch = 'No matching signature found';
    const missing = 'Missing required headers';
    expect(Object.fromEntries(invalid.map((vector) => [vector.mistake, failureOf(vector)]))).toEqual({
      'signed with another secret': noMatch,
      'signed with two other secrets': noMatch,
      'the body was changed': noMatch,
      'the body was serialized again, with characters beyond ASCII escaped': noMatch,
      'the body was serialized again, with spaces': noMatch,
      'the ID was changed': noMatch,
      'the timestamp was changed': noMatch,
      "the timestamp is 301 s before the receiver's clock": 'Message timestamp too old',
      "the timestamp is 301 s after the receiver's clock": 'Message timestamp too new',
      'the timestamp is not a number': 'Invalid Signature Headers',
      'the signature has an unknown version': noMatch,
      'the signature has no version': noMatch,
      'the signature is cut off': noMatch,
      'the signature is hexadecimal': noMatch,
      'the key is the text of the secret, not decoded': noMatch,
      'only the body is signed': noMatch,
      'the receiver has no secret, and the key is empty': "Secret can't be empty.",
      'the header webhook-id is missing': missing,
      'the header webhook-timestamp is missing': missing,
      'the header webhook-signature is missing': missing,
    });
  });

  test('with a timestamp out of range have no other mistake', () => {
    const outOfRange = invalid.filter(({ mistake }) => mistake.startsWith('the timestamp is 301 s'));
    expect(outOfRange).toHaveLength(2);
    for (const vector of outOfRange) {
      expect(verify(vector, Number(vector.timestamp))).toEqual(JSON.parse(vector.body));
    }
  });

  test.each(valid)(
    '$name has a signature as docs/webhooks.md describes it',
    ({ secret, id, timestamp, body, signature }) => {
      const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
      const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
      expect(signature.split(' ')).toContain(`v1,${expected}`);
    },
  );

  test.each(valid)('$name has a body as the gateway makes it', ({ id, body }) => {
    const event = JSON.parse(body);
    const occurredAt = new Date(event.occurredAt);
    const made =
      event.type === 'webhook.test'
        ? testBody(event.teamId, id, occurredAt)
        : webhookBody(event.teamId, {
            id,
            type: event.type.replace('customer.', '').toUpperCase(),
            version: event.version,
            occurredAt,
            customer: event.data,
            changes: changesOf(event.previousData ?? {}),
          });
    expect(made).toBe(body);
  });
});

/** The changes whose values before an update are these. Parts of an address are changes of their own. */
function changesOf(previous: Record<string, string | Record<string, string>>) {
  return Object.entries(previous).flatMap(([field, before]) =>
    typeof before === 'string'
      ? [{ field, before, after: null }]
      : Object.entries(before).map(([part, value]) => ({
          field: `${field}.${part}`,
          before: value,
          after: null,
        })),
  );
}
