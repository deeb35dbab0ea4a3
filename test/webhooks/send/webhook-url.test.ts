import { describe, expect, test } from 'vitest';
import { webhookUrlProblem } from '../../../src/webhooks/send/webhook-url.js';

const production = { allowPrivate: false, httpsOnly: true };
const development = { allowPrivate: true, httpsOnly: false };

describe('an endpoint can have the URL', () => {
  test.each([
    'https://example.com',
    'https://example.com:8443/hooks/customers?source=gateway',
    'HTTPS://Example.COM/',
    'https://8.8.8.8/hooks',
    'https://[2606:4700:4700::1111]/hooks',
    'https://bücher.example/',
    'https://localhost.example.com/',
    'https://internal.example.com/',
    'https://mylocal/',
    `https://example.com/${'a'.repeat(2_028)}`,
  ])('%s', (url) => {
    expect(webhookUrlProblem(url, production)).toBeUndefined();
  });

  test.each([
    'http://example.com/',
    'http://localhost:3000/hooks',
    'http://127.0.0.1:3000/',
    'https://[::1]/',
    'https://hooks.internal/',
  ])('%s in development', (url) => {
    expect(webhookUrlProblem(url, development)).toBeUndefined();
  });
});

describe('an endpoint must have', () => {
  test.each([
    '',
    'example.com',
    '/hooks',
    '//example.com/',
    'https:example.com',
    'https:/example.com',
    'https:\\\\example.com',
    'https://example.com\\@127.0.0.1/',
    'https://',
    'https://exa mple.com/',
    ' https://example.com/',
    'https://example.com/\n',
    'https://exam\tple.com/',
    'https://exam\u200bple.com/',
    'https://256.1.1.1/',
    'https://example.com:99999/',
    'http://example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'javascript:alert(1)',
  ])('an https URL, unlike %j', (url) => {
    expect(webhookUrlProblem(url, production)).toBe('must be an https URL');
  });

  test.each(['ftp://example.com/', 'example.com'])(
    'an http or https URL in development, unlike %s',
    (url) => {
      expect(webhookUrlProblem(url, development)).toBe('must be an http or https URL');
    },
  );

  test.each(['https://user@example.com/', 'https://user:pass@example.com/', 'https://:pass@example.com/'])(
    'no user and no password, unlike %s',
    (url) => {
      expect(webhookUrlProblem(url, development)).toBe('must not have a user name or a password');
    },
  );

  test.each(['https://example.com/#top', 'https://example.com/#'])('no fragment, unlike %s', (url) => {
    expect(webhookUrlProblem(url, development)).toBe('must not have a fragment');
  });

  test('at most 2,048 characters', () => {
    expect(webhookUrlProblem(`https://example.com/${'a'.repeat(2_029)}`, development)).toBe(
      'must have at most 2048 characters',
    );
  });

  test.each([
    'https://localhost/',
    'https://LOCALHOST/',
    'https://localhost./',
    'https://api.localhost/',
    'https://printer.local/',
    'https://metadata.google.internal/',
    'https://metadata.google.internal./',
    'https://127.0.0.1/',
    'https://127.0.0.1./',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://10.0.0.1/',
    'https://169.254.169.254/',
    'https://[::1]/',
    'https://[::ffff:7f00:1]/',
    'https://[fd00:ec2::254]/',
  ])('a public host, unlike %s', (url) => {
    expect(webhookUrlProblem(url, production)).toBe('must have a public host');
  });
});
