import { once } from 'node:events';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { Webhook } from 'standardwebhooks';
import { beforeAll, describe, expect, test } from 'vitest';
import { newUuid } from '../../src/database/uuid.js';
import { run } from '../support/process.js';
import { sharedResources } from '../support/resources.js';
import { type ShellProcess, startShell } from '../support/shell.js';
import { webhookVectors } from '../support/webhook-vectors.js';

const TIMEOUT_MS = 20_000;
const MEBIBYTE = 1024 * 1024;
const EXAMPLE = 'examples/webhook-receiver.mjs';

/** Of a rotation: the receiver has the current secret, and a delivery can have a signature of the next one too. */
const SECRET = `whsec_${Buffer.from('the secret of the receiver, 32 B').toString('base64')}`;
const NEXT_SECRET = `whsec_${Buffer.from('the next secret of the endpoint.').toString('base64')}`;

let receiver: ShellProcess;
let url: string;
const resources = sharedResources();
beforeAll(async () => {
  receiver = resources.adopt(
    startShell(`exec node ${EXAMPLE}`, {
      cwd: process.cwd(),
      variables: { PORT: '0', WEBHOOK_SECRET: SECRET },
    }),
    (it) => it.stop(),
  );
  url = (await receiver.matching(/http:\S+\/webhooks$/m, TIMEOUT_MS))[0];
});

/** The body of an event of a customer: that of a test vector, with these fields. */
function bodyOf(type: string, uuid: string, version: number, customer = 'Łódź 東京') {
  const event = JSON.parse(webhookVectors.valid.find(({ body }) => body.includes('.created'))?.body ?? '');
  return JSON.stringify({
    ...event,
    id: newUuid(),
    type,
    version,
    data: { ...event.data, uuid, version, customer },
  });
}

interface DeliveryOptions {
  readonly secrets?: readonly string[];
  readonly sentAt?: Date;
  /** The body that is signed, if it is another. */
  readonly signedBody?: string;
}

/** The headers of a delivery, as a gateway signs it. */
function signedHeaders(
  body: string,
  { secrets = [SECRET], sentAt = new Date(), signedBody = body }: DeliveryOptions = {},
) {
  const id = String(JSON.parse(signedBody).id);
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1_000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, sentAt, signedBody)).join(' '),
  };
}

/** Sends a delivery. @returns the status of the response. */
async function deliver(body: string, options?: DeliveryOptions): Promise<number> {
  const response = await fetch(url, { method: 'POST', headers: signedHeaders(body, options), body });
  expect(await response.text()).toBe('');
  return response.status;
}

/** The lines that the receiver printed about a customer, once all deliveries before this call are handled. */
async function printedLines(customer: string): Promise<string[]> {
  const last = `Last ${newUuid()}`;
  await deliver(bodyOf('customer.created', newUuid(), 1, last));
  const { input } = await receiver.matching(new RegExp(last), TIMEOUT_MS);
  return input.split('\n').filter((line) => line.includes(customer));
}

describe('examples/webhook-receiver.mjs', () => {
  test('prints each event of a customer and responds 204', async () => {
    const uuid = newUuid();
    const name = `Łódź ${uuid}`;
    expect(await deliver(bodyOf('customer.created', uuid, 1, name))).toBe(204);
    expect(await deliver(bodyOf('customer.updated', uuid, 2, name))).toBe(204);
    expect(await deliver(bodyOf('customer.deleted', uuid, 3, name))).toBe(204);
    expect(await printedLines(name)).toEqual([
      `2025-12-31T23:59:57.000Z customer.created ${name} <accounts@hopper.example>, version 1`,
      `2025-12-31T23:59:57.000Z customer.updated ${name} <accounts@hopper.example>, version 2`,
      `2025-12-31T23:59:57.000Z customer.deleted ${name} <accounts@hopper.example>, version 3`,
    ]);
  });

  test('prints a test event', async () => {
    const body = webhookVectors.valid.find((vector) => vector.body.includes('webhook.test'))?.body ?? '';
    expect(await deliver(body)).toBe(204);
    expect(await printedLines('webhook.test')).toEqual(['2025-12-31T23:59:56.000Z webhook.test']);
  });

  test('prints an event once that is delivered twice, and responds 204 to both', async () => {
    const uuid = newUuid();
    const body = bodyOf('customer.created', uuid, 1, `Twice ${uuid}`);
    expect([await deliver(body), await deliver(body)]).toEqual([204, 204]);
    expect(await printedLines(uuid)).toHaveLength(1);
  });

  test('drops an event that is older than the last one of its customer, and responds 204', async () => {
    const uuid = newUuid();
    expect(await deliver(bodyOf('customer.updated', uuid, 3, `Older ${uuid}`))).toBe(204);
    expect(await deliver(bodyOf('customer.updated', uuid, 2, `Older ${uuid}`))).toBe(204);
    expect(await printedLines(uuid)).toEqual([expect.stringContaining('version 3')]);
  });

  test('accepts a delivery with two signatures during a rotation', async () => {
    const body = bodyOf('customer.created', newUuid(), 1);
    expect(await deliver(body, { secrets: [NEXT_SECRET, SECRET] })).toBe(204);
    expect(await deliver(body, { secrets: [SECRET, NEXT_SECRET] })).toBe(204);
  });

  test('rejects an invalid delivery with 400, and prints the reason but no event', async () => {
    const uuid = newUuid();
    const body = bodyOf('customer.created', uuid, 1, `Invalid ${uuid}`);
    const sixMinutes = 360_000;
    expect(await deliver(body, { secrets: [NEXT_SECRET] })).toBe(400);
    expect(await deliver(body, { signedBody: bodyOf('customer.created', uuid, 2) })).toBe(400);
    expect(await deliver(body, { sentAt: new Date(Date.now() - sixMinutes) })).toBe(400);
    expect(await deliver(body, { sentAt: new Date(Date.now() + sixMinutes) })).toBe(400);
    expect((await fetch(url, { method: 'POST', body })).status).toBe(400);
    expect((await fetch(url, { method: 'POST' })).status).toBe(400);
    expect(await printedLines(`Invalid ${uuid}`)).toEqual([]);
    const [printed] = await receiver.matching(/(?:^Rejected: .*\n[^]*?){6}/m, TIMEOUT_MS);
    expect(printed.match(/^Rejected: .*/gm)).toEqual([
      'Rejected: No matching signature found',
      'Rejected: No matching signature found',
      'Rejected: Message timestamp too old',
      'Rejected: Message timestamp too new',
      'Rejected: Missing required headers',
      'Rejected: Missing required headers',
    ]);
  });

  test('accepts a body of nearly 5 MiB and rejects a larger one with 413', async () => {
    const uuid = newUuid();
    const large = (bytes: number) => {
      const event = JSON.parse(bodyOf('customer.created', uuid, 1, `Large ${uuid}`));
      return JSON.stringify({ ...event, padding: 'x'.repeat(bytes) });
    };
    const tooLarge = large(5 * MEBIBYTE);
    expect(await deliver(tooLarge)).toBe(413);
    // In chunks, without a Content-Length.
    const chunked = await fetch(url, {
      method: 'POST',
      headers: signedHeaders(tooLarge),
      body: Readable.from([Buffer.from(tooLarge), Buffer.alloc(2 * MEBIBYTE)]),
      duplex: 'half',
    });
    expect(chunked.status).toBe(413);
    expect(await printedLines(uuid)).toEqual([]);
    expect(await deliver(large(5 * MEBIBYTE - 4_096))).toBe(204);
    expect(await printedLines(uuid)).toHaveLength(1);
  });

  test('goes on after a delivery that ends early', async () => {
    const body = bodyOf('customer.created', newUuid(), 1);
    const early = request(url, {
      method: 'POST',
      headers: { ...signedHeaders(body), 'content-length': Buffer.byteLength(body) },
    });
    // It fails with `socket hang up`.
    const closed = once(early, 'close').catch(() => undefined);
    await new Promise((resolve) => {
      early.write(body.slice(0, 10), resolve);
    });
    early.destroy();
    await closed;
    expect(await deliver(body)).toBe(204);
  });

  test('responds 404 to other paths and methods', async () => {
    expect((await fetch(url)).status).toBe(404);
    expect((await fetch(new URL('/', url), { method: 'POST', body: '{}' })).status).toBe(404);
  });

  test.each([{}, { WEBHOOK_SECRET: '' }, { WEBHOOK_SECRET: 'c2VjcmV0' }])(
    'names the variable to set if it is started with %j',
    async (variables) => {
      expect(await run('node', [EXAMPLE], { PORT: '0', ...variables })).toEqual({
        code: 1,
        stdout: '',
        stderr: 'Set WEBHOOK_SECRET to the secret of your webhook endpoint, which begins with whsec_.\n',
      });
    },
  );
});
