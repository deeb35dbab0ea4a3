import fc from 'fast-check';

const token = fc.string({ unit: fc.constantFrom(...Array.from('abcXYZ019-_.~!$&')), minLength: 1 });
/** What may stand behind a header's name. */
export const headerText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    '0',
    '-1',
    '99999999999999999999',
    'chunked',
    'gzip, chunked',
    'application/json',
    'Bearer ',
    '\0',
    'a'.repeat(20_000),
  ),
);
const headerName = fc.oneof(
  token,
  fc.string(),
  fc.constantFrom(
    'content-length',
    'transfer-encoding',
    'content-type',
    'host',
    'connection',
    'upgrade',
    'expect',
    'te',
    'trailer',
    'authorization',
    'x-client-id',
    'x-timestamp',
    'x-signature',
    'content-encoding',
    'accept',
    'x-request-id',
    'x-http-method-override',
    'x-forwarded-for',
    '__proto__',
    'constructor',
  ),
);
/** Headers, some of which mean something. */
export const headers = fc.array(fc.tuple(headerName, headerText), { maxLength: 8 });
/** What may stand first in a request. */
export const method = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'POST',
      'GET',
      'HEAD',
      'OPTIONS',
      'PUT',
      'TRACE',
      'CONNECT',
      'PROPFIND',
      'QUERY',
    ),
  },
  { weight: 1, arbitrary: fc.string() },
);
/** What may be asked for. */
export const path = fc.oneof(
  fc.constantFrom(
    '/graphql',
    '/healthz',
    '/',
    '*',
    '/graphql/',
    '//graphql',
    '/graphql?query={__typename}',
    '/graphql%00',
    '/%',
    '/%ff',
    '/..%2f',
    'http://other/graphql',
    '/'.repeat(9_000),
  ),
  fc.webPath(),
  fc.string(),
);
/** A body, or all there is. */
export const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
);
/** A request as it goes over the wire, with nothing added. */
export const requestText = (
  [verb, target, version]: readonly [string, string, string],
  fields: readonly (readonly [string, string])[],
  body: Buffer,
) =>
  Buffer.concat([
    Buffer.from(
      `${verb} ${target} ${version}\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`,
    ),
    body,
  ]);
