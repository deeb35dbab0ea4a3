import { createHash, createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import fc from 'fast-check';
import { type SnippetRequest, snippets } from '../../playground/src/snippets/snippet.js';
import { run, temporaryFolder } from '../support/process.js';
import { describeWith } from '../support/programs.js';

interface Received {
  readonly request: IncomingMessage;
  readonly body: Buffer;
}

const special = fc.constantFrom(
  ...["'", '"', '\\', '$', '`', '${x}', '$(x)', '!', '%s', "'''", '"""', '*/', '#', '\\n', '\\u0041'],
  ...[
    '\n',
    '\r',
    '\r\n',
    '\t',
    '\0',
    '\u007F',
    '\u0085',
    '\u2028',
    '\uFEFF',
    '😀',
    '👩‍🚀',
    'é',
    '\uD83D',
    '\uDE00',
  ],
);
const text = fc
  .array(fc.oneof(special, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 20 })
  .map((parts) => parts.join(''));
/** Visible ASCII, which headers and the fields of the page accept. */
const word = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCodePoint(code)),
  minLength: 1,
});
const key = fc.oneof(text, fc.constantFrom('__proto__', 'constructor', '1', ''));
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.constantFrom(null, true, false, 0.000_01, 1e-7, 1e21, 123_456_789_012_345_680_000),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
  ),
}));
const sent = fc.record({
  credentials: fc.record({
    clientId: word,
    clientSecret: fc.oneof(word, fc.constant('é😀$`\'"\\')),
    token: word,
  }),
  request: fc.record({
    query: text,
    // As the page has them, which parses JSON: an own `__proto__`, no -0.
    variables: fc
      .oneof(value, fc.constant({ ['__proto__']: [{ ['__proto__']: 1 }] }))
      .map((tree) => JSON.parse(JSON.stringify(tree))),
    operationName: fc.option(fc.constantFrom('CreateCustomer', 'a'), { nil: undefined }),
  }),
});

describeWith(
  'bash',
  'curl',
  'openssl',
  'python3',
)('a copied request', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: Server;
  let origin: string;
  let received: Received[];
  let status: number;

  beforeAll(async () => {
    folder = await temporaryFolder();
    server = createServer((request, response) => {
      void buffer(request).then((body) => {
        received.push({ request, body });
        response.writeHead(status, { 'content-type': 'application/json' }).end(`{"n":${received.length}}`);
      });
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    // A listening TCP server has an address of this form.
    const { port } = server.address() as AddressInfo;
    origin = `http://127.0.0.1:${port}`;
  });
  beforeEach(() => {
    received = [];
    status = 200;
  });
  afterAll(async () => {
    server.close();
    await folder.remove();
  });

  const file = async (name: string, content: string) => {
    const path = join(folder.path, name);
    await writeFile(path, content);
    return path;
  };
  /** Runs snippets one after the other, in one process. */
  const runners: Record<string, (texts: string[]) => ReturnType<typeof run>> = {
    curl: async (texts) => run('bash', [await file('requests.sh', texts.join('\n'))]),
    Python: async (texts) => run('python3', [await file('requests.py', texts.join('\n'))]),
    'Node.js': async (texts) => {
      const files = await Promise.all(texts.map((content, index) => file(`${index}.mjs`, content)));
      const all = files.map((path) => `await import(${JSON.stringify(path)});`).join('\n');
      return run(process.execPath, [await file('all.mjs', all)]);
    },
  };

  test.each(Object.keys(snippets))('as %s sends exactly the body of the page, signed now', async (format) => {
    const toSnippet = snippets[format];
    const runAll = runners[format];
    if (!toSnippet || !runAll) throw new Error(`There is no runner for ${format}.`);
    await fc.assert(
      fc.asyncProperty(fc.array(sent, { minLength: 1, maxLength: 8 }), async (requests) => {
        received = [];
        const started = Math.floor(Date.now() / 1_000);
        const texts = requests.map((each): string => {
          const snippet: SnippetRequest = { origin, path: '/graphql', ...each };
          return toSnippet(snippet);
        });
        const { code, stdout, stderr } = await runAll(texts);
        expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
        expect(stdout).toBe(requests.map((_, index) => `{"n":${index + 1}}\n`).join(''));
        for (const [index, { credentials, request }] of requests.entries()) {
          const { query, variables, operationName } = request;
          const body = Buffer.from(JSON.stringify({ query, variables, operationName }));
          expect(received[index]?.body).toEqual(body);
          const headers = received[index]?.request.headers ?? {};
          const timestamp = String(headers['x-timestamp']);
          expect(Number(timestamp.slice(0, 10))).toBeGreaterThanOrEqual(started);
          const bodyHash = createHash('sha256').update(body).digest('hex');
          expect(headers).toMatchObject({
            'content-type': 'application/json',
            'x-client-id': credentials.clientId,
            authorization: `Bearer ${credentials.token}`,
            'x-signature': createHmac('sha256', credentials.clientSecret)
              .update(`POST:/graphql:${timestamp}:${bodyHash}`)
              .digest('hex'),
          });
        }
      }),
      { numRuns: 5 },
    );
  });

  test.each(Object.keys(snippets))('as %s prints the body of an error response', async (format) => {
    status = 401;
    const credentials = { clientId: 'id', clientSecret: 'secret', token: 'token' };
    const text = snippets[format]?.({
      origin,
      path: '/graphql',
      credentials,
      request: { query: '{ __typename }' },
    });
    expect(await runners[format]?.([String(text)])).toEqual({ code: 0, stdout: '{"n":1}\n', stderr: '' });
  });
});
