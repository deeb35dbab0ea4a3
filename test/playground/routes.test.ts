import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.js';
import { rawExchange } from '../fuzz/support/raw-exchange.js';
import { migratedDatabase } from '../support/database.js';
import { type DemoGateway, startDemoGateway } from '../support/demo-gateway.js';
import { eventually } from '../support/eventually.js';
import { startTestGateway } from '../support/gateway.js';
import { temporaryFolder } from '../support/process.js';
import { exchange } from '../support/signed-client.js';

const PRODUCTION = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgresql://host/database',
  SECRETS_KEY: Buffer.alloc(32).toString('base64'),
};

const SETTINGS = '/playground/settings.json';

/** Headers by which proxies, CDNs and load balancers are known. */
const PROXY_HEADERS = [
  'cdn-loop',
  'cf-connecting-ip',
  'client-ip',
  'fastly-client-ip',
  'forwarded',
  'proxy-connection',
  'true-client-ip',
  'via',
  'x-amzn-trace-id',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-envoy-external-address',
  'x-forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-original-forwarded-for',
  'x-original-url',
  'x-real-ip',
  'x-request-id',
];

/** Of Chromium, Firefox and Safari. */
const BROWSER_HEADERS = {
  accept: '*/*',
  'accept-encoding': 'gzip, deflate, br, zstd',
  'accept-language': 'en-US,en;q=0.9',
  'cache-control': 'no-cache',
  connection: 'keep-alive',
  cookie: 'theme=dark',
  dnt: '1',
  'if-none-match': '"1"',
  pragma: 'no-cache',
  priority: 'u=4',
  referer: 'http://localhost:4000/',
  'sec-ch-ua': '"Chromium";v="140"',
  'sec-fetch-mode': 'cors',
  'sec-fetch-site': 'same-origin',
  'sec-gpc': '1',
  'user-agent': 'Mozilla/5.0',
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let gateway: DemoGateway;
beforeAll(async () => {
  folder = await temporaryFolder();
  gateway = await startDemoGateway(folder.path, { DATABASE_URL: await migratedDatabase() });
});
afterAll(async () => {
  await gateway.stop('SIGTERM');
  await folder.remove();
});

const get = (path: string, headers = {}, url = gateway.url) =>
  exchange(new URL(path, url), 'GET', headers, '');

describe('the playground', () => {
  test('is a page at / that may load, run and ask nothing but what the gateway serves', async () => {
    const { status, headers } = await get('/');
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/https?:|unsafe-eval|script-src[^;]*unsafe-inline/);
  });

  test('caches files whose names have a hash of their content, and revalidates the others', async () => {
    const page = await get('/');
    const [asset = ''] = /\/playground\/assets\/[^"]+\.js/.exec(page.text) ?? [];
    expect(page.headers['cache-control']).toBe('public, max-age=0');
    expect((await get(asset)).headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect((await get(SETTINGS)).headers['cache-control']).toBe('no-store');
  });

  test('fills no log with the dozens of requests of one visit', async () => {
    await get('/');
    await gateway.client.send('{ __typename }');
    await eventually('the operation is logged', () => gateway.output().includes('"route":"/graphql"'));
    expect(gateway.output()).not.toContain('"route":"/"');
  });

  test('serves no other file', async () => {
    const around = ['../index.html', '..%2findex.html', '%2e%2e/%2e%2e/package.json', 'nothing.js', ''];
    for (const path of around) {
      const answer = await get(`/playground/assets/${path}`);
      expect([path, answer.status, answer.json.errors[0].extensions.code]).toEqual([path, 404, 'NOT_FOUND']);
    }
  });

  test("gets the demo's credentials on this machine", async () => {
    const { clientId, clientSecret, token } = gateway.client.credentials;
    for (const host of ['127.0.0.1', 'localhost:4000', '[::1]:4000']) {
      const { json } = await get(SETTINGS, { host });
      expect(json).toEqual({ path: '/graphql', demo: { clientId, clientSecret, token, team: 'Demo' } });
    }
  });

  test.each(['attacker.example', '127.0.0.1.attacker.example:4000', '192.168.1.7'])(
    'gets none of them when it was opened as %s, which a name made to point here would be',
    async (host) => {
      expect((await get(SETTINGS, { host })).json).toEqual({ path: '/graphql', demo: null });
    },
  );

  test.each(PROXY_HEADERS)('gets none of them behind a proxy that sends %s', async (name) => {
    const { json } = await get(SETTINGS, { [name]: 'for=203.0.113.7' });
    expect(json).toEqual({ path: '/graphql', demo: null });
  });

  test('gets none of them behind a proxy with any header of its own', async () => {
    const names = fc.stringMatching(/^x-[a-z]{1,20}(-[a-z]{1,20}){0,2}$/);
    await fc.assert(
      fc.asyncProperty(names, async (name) => {
        expect((await get(SETTINGS, { [name]: '1' })).json.demo).toBeNull();
      }),
    );
  });

  test('gets none of them behind nginx with its defaults, which speaks HTTP/1.0 and adds no header', async () => {
    const { host } = new URL(gateway.url);
    const response = await rawExchange(
      gateway.url,
      Buffer.from(`GET ${SETTINGS} HTTP/1.0\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
      false,
    );
    expect(response).toContain('{"path":"/graphql","demo":null}');
  });

  test('gets them with the headers that browsers send', async () => {
    const { json } = await get(SETTINGS, BROWSER_HEADERS);
    expect(json.demo).not.toBeNull();
  });
});

describe('in production the playground', () => {
  test('is not there', async () => {
    const other = await startTestGateway(
      {
        environment: 'production',
        playground: readConfig(PRODUCTION).playground,
      },
      0,
    );
    try {
      for (const path of ['/', SETTINGS]) expect((await get(path, {}, other.url)).status).toBe(404);
    } finally {
      await other.close();
    }
  });

  test('is there when it is switched on, with introspection, and knows no credentials', async () => {
    const other = await startTestGateway({ environment: 'production', playground: true });
    try {
      expect((await get('/', {}, other.url)).status).toBe(200);
      expect((await get(SETTINGS, {}, other.url)).json).toEqual({ path: '/graphql', demo: null });
      const { json } = await other.nextPartner().send('{ introspection: __schema { queryType { name } } }');
      expect(json.data.introspection.queryType.name).toBe('Query');
    } finally {
      await other.close();
    }
  });
});
