import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type Balancer, startBalancer } from '../support/balancer.js';
import { startBrowser } from '../support/browser.js';
import { startTestGateway, type TestGateway } from '../support/gateway.js';
import { run } from '../support/process.js';
import { describeWith } from '../support/programs.js';
import { newEmail, type PartnerCredentials } from '../support/signed-client.js';

/** Installed by `npm --prefix test/client/runtimes ci`. */
const runtime = (name: string) => `test/client/runtimes/node_modules/.bin/${name}`;
const MAIN = 'test/client/runtimes/main.js';

let gateway: TestGateway;
let balancer: Balancer;
beforeAll(async () => {
  gateway = await startTestGateway({}, 5);
});
beforeEach(async () => {
  balancer = await startBalancer(gateway.url);
});
afterEach(() => balancer.close());
afterAll(() => gateway.close());

/** What `smoke` is called with. */
interface Call {
  readonly url: string;
  readonly email: string;
  readonly credentials: PartnerCredentials;
}

/** Created at the second request, once it had waited; told why the third was refused. */
const WORKS = {
  created: { data: { createCustomer: { __typename: 'Created' } } },
  refused: { errors: [{ extensions: { code: 'UNAUTHENTICATED', reason: 'SIGNATURE_MISMATCH' } }] },
  requests: 3,
};

/** Has a runtime do what the client is for, through a balancer that answers 503 first. */
async function outcomeOf(runSmoke: (call: Call) => Promise<object>) {
  balancer.meet({ status: 503, headers: { 'retry-after': '0' } });
  const { credentials } = gateway.nextPartner();
  const answers = await runSmoke({ url: balancer.url, email: newEmail(), credentials });
  return { ...answers, requests: balancer.received.length };
}

/** Runs it in a program that takes the script and the call. */
async function runScript(program: string, args: string[], call: Call): Promise<object> {
  const { stdout, stderr } = await run(program, [...args, MAIN, JSON.stringify(call)]);
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout);
}

test('the client works in Node', async () => {
  expect(await outcomeOf((call) => runScript(process.execPath, [], call))).toMatchObject(WORKS);
});

describeWith(runtime('deno'))('the client', () => {
  test('works in Deno', async () => {
    const args = ['run', '--quiet', '--no-config', '--no-check', '--allow-net'];
    expect(await outcomeOf((call) => runScript(runtime('deno'), args, call))).toMatchObject(WORKS);
  });
});

describeWith(runtime('bun'))('the client', () => {
  test('works in Bun', async () => {
    expect(await outcomeOf((call) => runScript(runtime('bun'), ['run'], call))).toMatchObject(WORKS);
  });
});

describeWith(runtime('workerd'))('the client', () => {
  test('works in a Cloudflare worker', async () => {
    expect(await outcomeOf(runInWorker)).toMatchObject(WORKS);
  });
});

async function runInWorker(call: Call): Promise<object> {
  const args = ['serve', '--control-fd=3', 'test/client/runtimes/worker.capnp'];
  const worker = spawn(runtime('workerd'), args, { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
  try {
    const [event] = await once(worker.stdio[3] ?? worker, 'data');
    const { port } = JSON.parse(String(event));
    const answer = await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: JSON.stringify(call) });
    return z.looseObject({}).parse(await answer.json());
  } finally {
    worker.kill();
  }
}

describeWith('chromium')('the client', () => {
  test('works in a browser, on a page of the gateway’s origin', async () => {
    expect(await outcomeOf(runInBrowser)).toMatchObject(WORKS);
  });
});

async function runInBrowser(call: Call): Promise<object> {
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    await page.route(/\.js$|\/$/, (route) => {
      const { pathname } = new URL(route.request().url());
      return route.fulfill(
        pathname === '/' ? { contentType: 'text/html', body: '' } : { path: `.${pathname}` },
      );
    });
    await page.goto(new URL('/', call.url).href);
    return await page.evaluate(
      `import('/test/client/runtimes/smoke.js').then(({ smoke }) => smoke(${JSON.stringify(call)}))`,
    );
  } finally {
    await browser.close();
  }
}
