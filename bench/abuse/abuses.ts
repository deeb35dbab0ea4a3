import { randomBytes, randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { signedHeaders } from '../signed-headers.ts';
import { type Client, newCustomer } from '../operations.ts';

/** Whom to attack, and as which client. */
export interface Target {
  readonly url: string;
  readonly client: Client;
}

/** One way to abuse the gateway. It runs in a process of its own until that is killed. */
export interface Abuse {
  readonly name: string;
  run(target: Target): Promise<void>;
}

const MIB = 1_048_576;
/** Requests of the abusive client at the same time. */
const AT_ONCE = 12;
const STRANGERS = 500;
const PAUSE_AFTER_ERROR_MS = 20;

const operation = (query: string, variables?: unknown) => JSON.stringify({ query, variables });

const create = 'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { __typename } }';
const bulk =
  'mutation ($inputs: [CreateCustomerInput!]!, $key: String) { createCustomers(inputs: $inputs, idempotencyKey: $key) { __typename } }';

/** Sends bodies, signed, as fast as responses come back. */
async function flood(
  { url, client }: Target,
  body: (index: number) => string,
  token: () => string = () => client.token,
): Promise<void> {
  let sent = 0;
  const path = new URL(url).pathname;
  const send = async (): Promise<never> => {
    for (;;) {
      const text = body((sent += 1));
      const headers = signedHeaders({ ...client, token: token() }, path, text);
      try {
        const response = await fetch(url, { method: 'POST', headers, body: text });
        await response.arrayBuffer();
      } catch {
        await sleep(PAUSE_AFTER_ERROR_MS);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, send));
}

/** Opens a connection that sends some bytes and never reads. */
function openUnread(url: string, bytes: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  socket.pause();
  socket.write(bytes);
  return socket;
}

function rawRequest(headers: Readonly<Record<string, string | number>>, body: string): string {
  const lines = Object.entries({ host: 'gateway', ...headers }).map((header) => header.join(': '));
  return `POST /graphql HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** Keeps `count` connections open, each opened again when it ends. */
async function keepOpen(count: number, open: () => Socket): Promise<never> {
  const again = () => {
    open().once('close', () => setTimeout(again, PAUSE_AFTER_ERROR_MS));
  };
  for (let index = 0; index < count; index += 1) again();
  return new Promise(() => {});
}

const marks = `a${'\u0301\u0327'.repeat(250_000)}`;
const unknownNames = Object.fromEntries(
  Array.from({ length: 90_000 }, (_, index) => [index.toString(36), 1]),
);
const values = Array.from({ length: 3_000 }, (_, row) =>
  Object.fromEntries(Array.from({ length: 13 }, (_field, index) => [`k${index}`, `${row} ${index}`])),
);
const rows = () =>
  Array.from({ length: 100 }, () => ({ ...newCustomer(), notes: 'n'.repeat(5_000), idempotent: undefined }));

/** The abuses of the parts A and B of the security documentation. */
export const abuses: readonly Abuse[] = [
  {
    name: 'Names of 500,000 combining marks',
    run: (target) => flood(target, () => operation(create, { input: { ...newCustomer(), customer: marks } })),
  },
  {
    name: 'Documents of 100 kB, each new',
    run: (target) => flood(target, (index) => operation(`query q${index}{__typename}${' '.repeat(99_900)}`)),
  },
  {
    name: 'Documents of 2,400 tokens, each new',
    run: (target) =>
      flood(target, (index) => operation(`query q${index} { ${'__typename '.repeat(2_390)} }`)),
  },
  {
    name: 'Responses of 1.8 MB that are not read',
    run: ({ url, client }) =>
      keepOpen(AT_ONCE, () => {
        const body = operation('{ customers(limit: 18) { records { metadata { value } } } }');
        const headers = signedHeaders(client, new URL(url).pathname, body);
        return openUnread(url, rawRequest({ ...headers, 'content-length': Buffer.byteLength(body) }, body));
      }),
  },
  {
    name: `${STRANGERS} strangers whose bodies never end`,
    run: ({ url, client }) =>
      keepOpen(STRANGERS, () => {
        const stranger = { ...client, clientId: randomUUID() };
        const headers = signedHeaders(stranger, new URL(url).pathname, '');
        return openUnread(url, rawRequest({ ...headers, 'content-length': MIB }, 'x'.repeat(MIB - 1)));
      }),
  },
  {
    name: 'Variables of 90,000 different names',
    run: (target) => flood(target, () => operation(create, { input: unknownNames })),
  },
  {
    name: 'Variables of 39,000 different values',
    run: (target) => flood(target, () => operation(create, { input: { contacts: values } })),
  },
  {
    name: 'Bulks of 100 customers and 0.7 MB, with keys',
    run: (target) => flood(target, () => operation(bulk, { inputs: rows(), key: randomUUID() })),
  },
  {
    name: 'Introspection without end',
    run: (target) => flood(target, () => operation('{ __schema { types { name fields { name } } } }')),
  },
  {
    name: 'Tokens at random',
    run: (target) =>
      flood(
        target,
        () => operation('{ __typename }'),
        () => `cgt_${randomBytes(32).toString('base64url')}`,
      ),
  },
  {
    name: 'Searches for a common word',
    run: (target) =>
      flood(target, () => operation('{ customers(search: "stone") { totalRecords records { uuid } } }')),
  },
  {
    name: 'Pages of customers of 3.7 MB',
    run: (target) => flood(target, () => operation('{ customers(limit: 30) { records { uuid } } }')),
  },
  {
    name: 'Pages of customers of 12 MB, which are too many',
    run: (target) => flood(target, () => operation('{ customers(limit: 100) { records { uuid } } }')),
  },
];
