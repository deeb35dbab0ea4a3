import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { type CreateCustomerInput } from '../../src/customers/create/create-customer.input.js';
import { validateCustomer } from '../../src/customers/create/validate-customer.js';

const valid = { customer: 'Acme', email: 'a@example.com' };

/** The codes of an input's errors by path; empty when it is valid. */
function errorsOf(input: Partial<CreateCustomerInput>): Record<string, string> {
  const result = validateCustomer({ ...valid, ...input });
  if ('draft' in result) return {};
  return Object.fromEntries(result.errors.map(({ path, code }) => [path, code]));
}

describe('lengths', () => {
  const email = (length: number) => `${'a'.repeat(length - 12)}@example.com`;
  test.each<[string, number, (text: string) => Partial<CreateCustomerInput>]>([
    ['customer', 255, (text) => ({ customer: text })],
    ['mainPhone', 50, (text) => ({ mainPhone: text })],
    ['billingAddress.street', 255, (text) => ({ billingAddress: { street: text } })],
    ['billingAddress.city', 255, (text) => ({ billingAddress: { city: text } })],
    ['shippingAddress.state', 255, (text) => ({ shippingAddress: { state: text } })],
    ['shippingAddress.zipCode', 20, (text) => ({ shippingAddress: { zipCode: text } })],
    ['shippingAddress.country', 255, (text) => ({ shippingAddress: { country: text } })],
    ['contacts.0.firstName', 255, (text) => ({ contacts: [{ firstName: text }] })],
    ['contacts.0.lastName', 255, (text) => ({ contacts: [{ lastName: text }] })],
    ['contacts.0.phone', 50, (text) => ({ contacts: [{ phone: text }] })],
    ['externalId', 255, (text) => ({ externalId: text })],
    ['notes', 5_000, (text) => ({ notes: text })],
    ['taxNumber', 50, (text) => ({ taxNumber: text })],
    ['paymentTerm', 100, (text) => ({ paymentTerm: text })],
    ['metadata.0.key', 40, (text) => ({ metadata: [{ key: text, value: '1' }] })],
    ['metadata.0.value', 500, (text) => ({ metadata: [{ key: 'k', value: text }] })],
  ])('%s has at most %i characters, whatever their size', (path, max, input) => {
    for (const character of ['x', 'é', '漢', '😀']) {
      expect(errorsOf(input(character.repeat(max)))).toEqual({});
      expect(errorsOf(input(character.repeat(max + 1)))).toEqual({ [path]: 'TOO_LONG' });
    }
    expect(errorsOf(input(`  ${'x'.repeat(max)}  `))).toEqual({});
  });

  test('an email and a website have at most 255', () => {
    const domain = `${'d'.repeat(60)}.`.repeat(3);
    const long = (length: number) => `${'a'.repeat(length - domain.length - 4)}@${domain}com`;
    expect(errorsOf({ email: long(240) })).toEqual({});
    expect(errorsOf({ email: email(256) })).toEqual({ email: 'TOO_LONG' });
    expect(errorsOf({ website: `https://e.example/${'x'.repeat(237)}` })).toEqual({});
    expect(errorsOf({ website: `https://e.example/${'x'.repeat(238)}` })).toEqual({ website: 'TOO_LONG' });
  });
});

describe('emails', () => {
  test.each([
    'a@b.co',
    'first.last+tag@sub.example.com',
    "o'brien@example.com",
    'jürgen@example.com',
    'a@bücher.example',
    '"a b"@b.co',
    `${'a'.repeat(64)}@${'b'.repeat(63)}.co`,
  ])('%s is one', (email) => {
    expect(errorsOf({ email })).toEqual({});
  });

  test.each([
    ['a@bücher.example', 'a@xn--bcher-kva.example'],
    ['a@BÜCHER.Example', 'a@xn--bcher-kva.example'],
    ['a@XN--BCHER-KVA.example', 'a@xn--bcher-kva.example'],
    ['a@bu\u0308cher.example', 'a@xn--bcher-kva.example'],
    ['a@bücher。example', 'a@xn--bcher-kva.example'],
    ['ü@Example.COM', 'ü@Example.COM'],
  ])('%s is stored as %s', (email, stored) => {
    const result = validateCustomer({ ...valid, email });
    expect('draft' in result && result.draft.email).toBe(stored);
  });

  test.each([
    'a',
    '@',
    'a@',
    '@b.co',
    'a@b',
    'a b@c.co',
    'a@b..co',
    'a@-b.co',
    'a,b@c.co',
    'a@b.co, c@d.co',
    'A <a@b.co>',
    '""@b.co',
    '"a\r\nBcc: c@d.co"@b.co',
    '"a\tb"@b.co',
    '"a\\\u0001b"@b.co',
    '"a\u00a0b"@b.co',
    'a\u200b@b.co',
    'a@b\u00ad.co',
    'a@b\u3164.co',
    `${'a'.repeat(65)}@b.co`,
    `${'é'.repeat(33)}@b.co`,
    `a@${'b'.repeat(64)}.co`,
    `a@${'ü'.repeat(60)}.co`,
    'a@bü cher.co',
    'a@bücher.co/x',
    'a@bücher.co:25',
    'a@１２７.0.0.1',
  ])('%s is none', (email) => {
    expect(errorsOf({ email })).toEqual({ email: 'INVALID_EMAIL' });
  });
});

describe('websites', () => {
  test.each([
    'http://example.com',
    'HTTPS://example.com/a?b#c',
    'https://bücher.example',
    'http://10.0.0.1:8080',
  ])('%s is one', (website) => {
    expect(errorsOf({ website })).toEqual({});
  });

  test.each([
    'example.com',
    'ftp://example.com',
    'javascript:alert(1)',
    'http:example.com',
    'https://',
    'https://a b.co',
  ])('%s is none', (website) => {
    expect(errorsOf({ website })).toEqual({ website: 'INVALID_URL' });
  });
});

describe('contacts', () => {
  test('are at most 50', () => {
    const contacts = (length: number) => Array.from({ length }, () => ({ phone: '1' }));
    expect(errorsOf({ contacts: contacts(50) })).toEqual({});
    expect(errorsOf({ contacts: contacts(51) })).toEqual({ contacts: 'TOO_MANY' });
  });

  test('have at most one primary; each further one is named', () => {
    const person = (isPrimary: boolean) => ({ firstName: 'Ada', isPrimary });
    expect(errorsOf({ contacts: [person(false), person(true)] })).toEqual({});
    expect(errorsOf({ contacts: [person(true), person(false), person(true), person(true)] })).toEqual({
      'contacts.2.isPrimary': 'MULTIPLE_PRIMARY',
      'contacts.3.isPrimary': 'MULTIPLE_PRIMARY',
    });
  });
});

describe('metadata', () => {
  const entries = (length: number) =>
    Array.from({ length }, (_, index) => ({ key: `k${index}`, value: '1' }));

  test('has at most 50 pairs', () => {
    expect(errorsOf({ metadata: entries(50) })).toEqual({});
    expect(errorsOf({ metadata: entries(51) })).toEqual({ metadata: 'TOO_MANY' });
  });

  test('has keys that are not blank, each once', () => {
    const metadata = [
      { key: 'a', value: '1' },
      { key: ' ', value: '2' },
      { key: ' a ', value: '3' },
    ];
    expect(errorsOf({ metadata })).toEqual({
      'metadata.1.key': 'REQUIRED',
      'metadata.2.key': 'DUPLICATE',
    });
  });

  test('comes out in the order of keys, without the pairs that have no value', () => {
    const metadata = [
      { key: 'b', value: '1' },
      { key: '__proto__', value: '2' },
      { key: 'B', value: '3' },
      { key: 'c', value: null },
      { key: 'd', value: ' ' },
    ];
    const result = validateCustomer({ ...valid, metadata });
    expect('draft' in result && result.draft.metadata).toEqual([
      { key: 'B', value: '3' },
      { key: '__proto__', value: '2' },
      { key: 'b', value: '1' },
    ]);
  });
});

describe('invisible characters', () => {
  const INVISIBLE = [
    '\u200b',
    '\u2060',
    '\u3164',
    '\u00ad',
    '\u202e',
    '\u2066',
    '\ufeff',
    '\u2800',
    '\u115f',
  ];

  test.each(INVISIBLE)('%j alone is blank, and at an end it is removed', (character) => {
    expect(errorsOf({ customer: character.repeat(3) })).toEqual({ customer: 'REQUIRED' });
    const sent = `${character} Acme${character}\t`;
    const result = validateCustomer({
      ...valid,
      customer: sent,
      email: `${character}a@example.com${character}`,
    });
    expect(result).toMatchObject({ draft: { customer: 'Acme', email: 'a@example.com' } });
  });

  test.each(INVISIBLE)('%j is refused inside what programs compare', (character) => {
    const text = `1${character}2`;
    expect(
      errorsOf({
        email: `a${character}b@example.com`,
        website: `https://a${character}b.example`,
        externalId: text,
        mainPhone: text,
        taxNumber: text,
        metadata: [{ key: text, value: text }],
        contacts: [{ phone: text }],
      }),
    ).toEqual({
      email: 'INVALID_EMAIL',
      website: 'INVALID_URL',
      externalId: 'INVALID_CHARACTERS',
      mainPhone: 'INVALID_CHARACTERS',
      taxNumber: 'INVALID_CHARACTERS',
      'metadata.0.key': 'INVALID_CHARACTERS',
      'contacts.0.phone': 'INVALID_CHARACTERS',
    });
  });

  test.each(['می\u200cخواهم', 'ക്\u200dഷ', '👩\u200d🚀', 'Love ❤\ufe0f', '🏴\u{e0067}\u{e0062}\u{e007f}'])(
    '%s keeps those that its script needs',
    (customer) => {
      const result = validateCustomer({ ...valid, customer });
      expect('draft' in result && result.draft.customer).toBe(customer);
    },
  );

  test('phone numbers may have any space', () => {
    expect(errorsOf({ mainPhone: '+33\u00a01\u202f23' })).toEqual({});
  });
});

describe('control characters', () => {
  test('other than line breaks and tabs in notes and metadata are refused', () => {
    for (let code = 0; code < 0xa0; code += 1) {
      const character = String.fromCharCode(code);
      if (!/\p{Cc}/u.test(character)) continue;
      const text = `a${character}b`;
      const refused = '\t\n\r'.includes(character)
        ? {}
        : { notes: 'INVALID_CHARACTERS', 'metadata.0.value': 'INVALID_CHARACTERS' };
      expect(errorsOf({ notes: text, metadata: [{ key: 'k', value: text }] })).toEqual(refused);
      expect(errorsOf({ customer: text, paymentTerm: text, billingAddress: { street: text } })).toEqual({
        customer: 'INVALID_CHARACTERS',
        paymentTerm: 'INVALID_CHARACTERS',
        'billingAddress.street': 'INVALID_CHARACTERS',
      });
    }
  });
});

describe('any text', () => {
  test('is either refused or stored clean: trimmed, in NFC, without control characters or lone surrogates, and short enough', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'grapheme', maxLength: 300 }),
    );
    fc.assert(
      fc.property(anyText, (customer) => {
        const result = validateCustomer({ ...valid, customer });
        if ('errors' in result) return result.errors.every(({ path }) => path === 'customer');
        const text = result.draft.customer;
        const characters = Array.from(text).length;
        return (
          text === text.trim().normalize('NFC') &&
          text.isWellFormed() &&
          !/\p{Cc}/u.test(text) &&
          characters >= 1 &&
          characters <= 255
        );
      }),
    );
  });

  test('that is clean is valid again and stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (customer) => {
        const once = validateCustomer({ ...valid, customer });
        if ('errors' in once) return true;
        const twice = validateCustomer({ ...valid, customer: once.draft.customer });
        return 'draft' in twice && twice.draft.customer === once.draft.customer;
      }),
    );
  });
});
