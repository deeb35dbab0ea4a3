import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import fc from 'fast-check';
import {
  assertHolds,
  type FuzzGateway,
  printable,
  startFuzzGateway,
  TIMEOUT_MS,
} from './support/fuzz-gateway.js';
import { expectHarmless } from './support/harmless.js';
import { rawExchange, statusesOf } from './support/raw-exchange.js';
import { bytes, headers, headerText, method, path, requestText } from './support/requests.js';
import { sharedResources } from '../support/resources.js';

let gateway: FuzzGateway;
const resources = sharedResources();
beforeAll(async () => {
  gateway = resources.adopt(await startFuzzGateway(), (it) => it.close());
});
afterEach(() => gateway.expectUnharmed());

describe('a stranger gets nothing but refusals, and breaks nothing, with', () => {
  const expectHarmlessRaw = async (sent: Buffer) => {
    const text = await rawExchange(gateway.url, sent);
    for (const status of statusesOf(text)) expectHarmless({ status, text }, gateway.secrets);
  };

  test(
    'any bytes',
    () => assertHolds(fc.asyncProperty(bytes, (sent) => expectHarmlessRaw(sent))),
    TIMEOUT_MS,
  );

  test(
    'any request line, headers and body, several in a row',
    () =>
      assertHolds(
        fc.asyncProperty(
          fc.array(
            fc
              .tuple(
                fc.tuple(
                  method,
                  path,
                  fc.constantFrom('HTTP/1.1', 'HTTP/1.0', 'HTTP/0.9', 'HTTP/2', 'HTTP/9.9'),
                ),
                headers,
                bytes,
              )
              .map(([line, fields, body]) => requestText(line, fields, body)),
            { minLength: 1, maxLength: 3 },
          ),
          (requests) => expectHarmlessRaw(Buffer.concat(requests)),
        ),
      ),
    TIMEOUT_MS,
  );

  test(
    'lengths and chunks that are not those of the body',
    () =>
      assertHolds(
        fc.asyncProperty(
          fc.subarray([
            ['content-length', '5'],
            ['content-length', '999'],
            ['content-length', '1048577'],
            ['Content-Length', '0'],
            ['content-length', '+5'],
            ['content-length', '5, 5'],
            ['transfer-encoding', 'chunked'],
            ['Transfer-Encoding', ' chunked'],
            ['transfer-encoding', 'identity'],
            ['expect', '100-continue'],
            ['expect', 'nothing'],
            ['connection', 'keep-alive, upgrade'],
            ['upgrade', 'h2c'],
          ] as const),
          fc.oneof(
            bytes,
            fc
              .constantFrom(
                '0\r\n\r\n',
                '5\r\nhello\r\n0\r\n\r\n',
                'fffffffffffffffff\r\n',
                '-1\r\n',
                '5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n',
              )
              .map((text) => Buffer.from(text)),
          ),
          fc.boolean(),
          (framing, body, withCredentials) => {
            const credentials: [string, string][] = [
              ['x-client-id', gateway.partner.credentials.clientId],
              ['x-timestamp', String(Math.floor(Date.now() / 1000))],
              ['x-signature', '0'.repeat(64)],
              ['authorization', `Bearer ${gateway.partner.credentials.token}`],
            ];
            const fields = [['host', 'a'] as const, ...(withCredentials ? credentials : []), ...framing];
            return expectHarmlessRaw(requestText(['POST', '/graphql', 'HTTP/1.1'], fields, body));
          },
        ),
      ),
    TIMEOUT_MS,
  );

  test(
    'credentials of any form',
    () =>
      assertHolds(
        fc.asyncProperty(
          fc.record({
            'x-client-id': headerText,
            'x-timestamp': headerText,
            'x-signature': headerText,
            authorization: headerText,
          }),
          fc.subarray(['x-client-id', 'x-timestamp', 'x-signature', 'authorization'] as const, {
            minLength: 1,
          }),
          async (wrong, replaced) => {
            const headersSent = replaced.map((name) => [name, printable(wrong[name])]);
            // A header that is too long ends the connection, so none is used twice.
            const own = { connection: 'close', ...Object.fromEntries(headersSent) };
            const answer = await gateway.partner.send('{ __typename }', {}, { headers: own });
            expectHarmless(answer, gateway.secrets);
            expect(answer.status).toBe(401);
          },
        ),
      ),
    TIMEOUT_MS,
  );
});
