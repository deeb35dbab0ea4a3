import { createHash, createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type Browser, type BrowserContext, type Page, type Request } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility.js';
import { startBrowser } from '../support/browser.js';
import { migratedDatabase } from '../support/database.js';
import { type DemoGateway, startDemoGateway } from '../support/demo-gateway.js';
import { eventually } from '../support/eventually.js';
import { temporaryFolder } from '../support/process.js';
import { describeWith } from '../support/programs.js';

/** Where the README's picture goes, when a new one is wanted: see CONTRIBUTING.md. */
const SCREENSHOT = process.env['SCREENSHOT'];

describeWith('chromium')('in a browser, the playground', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let gateway: DemoGateway;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** What the browser complained of: errors of scripts, and what the page's own policy forbade. */
  let complaints: string[];
  /** The operations it sent. */
  let requests: Request[];
  /** The origins it asked for anything. */
  let hosts: Set<string>;

  beforeAll(async () => {
    folder = await temporaryFolder();
    gateway = await startDemoGateway(folder.path, {
      DATABASE_URL: await migratedDatabase(),
      RATE_LIMIT_MAX: '1000',
    });
    browser = await startBrowser();
  });
  afterEach(() => context.close());
  afterAll(async () => {
    await browser.close();
    await gateway.stop('SIGTERM');
    await folder.remove();
  });

  /** Opens it in a browser that has never been there. */
  async function open({ withDemo = true } = {}): Promise<void> {
    complaints = [];
    requests = [];
    hosts = new Set();
    context = await browser.newContext({ viewport: { width: 1400, height: 1050 } });
    page = await context.newPage();
    page.setDefaultTimeout(5_000);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('request', (request) => {
      hosts.add(new URL(request.url()).origin);
      if (request.method() === 'POST') requests.push(request);
    });
    if (!withDemo) {
      const settings = { path: '/graphql', demo: null };
      await page.route('**/settings.json', (route) => route.fulfill({ json: settings }));
    }
    await page.goto(new URL('/', gateway.url).href);
    await page.locator('.graphiql-query-editor', { hasText: 'mutation CreateCustomer(' }).waitFor();
    // Its first request reads the schema.
    if (withDemo) await answered('IntrospectionQuery');
  }

  const run = () => page.getByRole('button', { name: /^execute query/i }).click();
  /** What stands under the answer, by its name. */
  const facts = async (): Promise<Record<string, string | undefined>> => {
    const bar = page.locator('.answer-bar');
    const [names, values] = [
      await bar.locator('dt').allTextContents(),
      await bar.locator('dd').allTextContents(),
    ];
    return Object.fromEntries(names.map((name, index) => [name, values[index]]));
  };
  const answered = (text: string | RegExp) => page.locator('.answer-bar', { hasText: text }).waitFor();
  /** GraphiQL has understood the operation in its newest tab. */
  const opened = (name: string) =>
    page.getByRole('tablist').getByRole('button', { name, exact: true }).last().waitFor();
  const advice = () => page.locator('.answer-bar').getByRole('alert').textContent();

  test('creates a customer at the first press of a button', async () => {
    await open();
    await run();
    await answered('CreateCustomer');

    expect(await facts()).toEqual({
      Operation: 'CreateCustomer',
      Outcome: 'Created',
      Status: 'HTTP 200',
      Time: expect.stringMatching(/^\d+ ms$/),
      Limit: expect.stringMatching(/^\d+ of \d+ left, \d+ s to reset$/),
      'Request id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    await page.getByText('"Customer created."').waitFor();
    if (SCREENSHOT !== undefined) await page.screenshot({ path: SCREENSHOT });

    const { json } = await gateway.client.send('{ customers { records { customer } } }');
    expect(json.data.customers.records).toEqual([{ customer: 'Grace Hopper Ltd' }]);
    expect(complaints).toEqual([]);
  });

  test('shows what was signed, and signs every request, introspection too', async () => {
    await open();
    await run();
    await answered('CreateCustomer');
    const shown = (name: string) =>
      page
        .getByLabel('Signed', { exact: true })
        .locator('div', { hasText: name })
        .locator('dd')
        .textContent();

    expect(requests.map((request) => JSON.parse(request.postData() ?? '').operationName)).toEqual([
      'IntrospectionQuery',
      'CreateCustomer',
    ]);
    for (const request of requests) {
      const headers = request.headers();
      const hash = createHash('sha256')
        .update(request.postDataBuffer() ?? '')
        .digest('hex');
      const text = `POST:/graphql:${headers['x-timestamp']}:${hash}`;
      const { clientId, clientSecret, token } = gateway.client.credentials;
      expect(headers).toMatchObject({
        'x-client-id': clientId,
        'x-signature': createHmac('sha256', clientSecret).update(text).digest('hex'),
        authorization: `Bearer ${token}`,
      });
    }
    const [, headers] = requests.map((request) => request.headers());
    expect(await shown('Signed text')).toMatch(/^POST:\/graphql:\d{13}:[0-9a-f]{64}$/);
    expect(await shown('x-signature')).toBe(headers?.['x-signature']);
  });

  test('runs the example of every operation, on the customer last seen', async () => {
    await open();
    const examples = await page.getByLabel('Examples').getByRole('button').allTextContents();
    expect(examples).toHaveLength(12);
    const outcomes: Record<string, string> = {};
    for (const example of examples) {
      await page.getByLabel('Examples').getByRole('button', { name: example, exact: true }).click();
      await opened(example);
      await run();
      await answered(new RegExp(`^Operation${example}(Outcome|Status)`));
      const { Status: status, Outcome: outcome } = await facts();
      expect([example, status]).toEqual([example, 'HTTP 200']);
      if (outcome !== undefined) outcomes[example] = outcome;
    }
    expect(outcomes).toEqual({
      CreateCustomer: 'Created',
      CreateCustomers: 'CustomersCreated',
      UpdateCustomer: 'Updated',
      UpdateCustomers: 'CustomersUpdated',
      UpsertCustomer: 'Created',
      DeleteCustomer: 'Deleted',
      RestoreCustomer: 'Restored',
    });
    expect(complaints).toEqual([]);
  });

  test.each([
    ['SIGNATURE_MISMATCH', 'Client secret', 'cgs_wrong', 'the secret is not this client’s'],
    ['SIGNATURE_MISMATCH', 'Client id', 'c0ffee00-0000-4000-8000-000000000000', 'The client id is unknown'],
    ['TOKEN_INVALID', 'Token', `cgt_${'a'.repeat(43)}`, 'not to this client'],
    ['MALFORMED_HEADER: authorization', 'Token', 'cgt_a b', 'look for a space'],
  ])('says %s, and what to mend, when the field %s is wrong', async (reason, field, value, help) => {
    await open();
    await page.getByLabel(field, { exact: true }).fill(value);
    await run();
    await answered('HTTP 401');
    expect(await facts()).toMatchObject({ Outcome: 'UNAUTHENTICATED' });
    expect(await advice()).toContain(reason);
    expect(await advice()).toContain(help);
  });

  test.each(['light', 'dark'] as const)(
    'keeps nobody from using its own parts, in %s colours',
    async (colorScheme) => {
      await open();
      await page.emulateMedia({ colorScheme });
      await page.getByLabel('Client secret', { exact: true }).fill('cgs_wrong');
      await run();
      await answered('HTTP 401');
      expect(await accessibilityProblems(page, ['.signing-panel', '.answer-bar', 'h1'])).toEqual([]);
    },
  );

  test('says how wrong the clock is', async () => {
    await open();
    await page.clock.setFixedTime(Date.now() + 3_600_000);
    await run();
    await answered('HTTP 401');
    expect(await advice()).toMatch(/^TIMESTAMP_OUT_OF_RANGE .* It is 3(59\d|60\d) s ahead\.$/);
  });

  test('opened where no demo is known asks for credentials, then reads the schema with them', async () => {
    const { clientId, clientSecret, token } = gateway.client.credentials;
    await open({ withDemo: false });
    await run();
    await page.getByText('Fill in the client id').waitFor();
    expect(requests).toEqual([]);

    await page.getByLabel('Client id', { exact: true }).fill(clientId);
    await page.getByLabel('Client secret', { exact: true }).fill(` ${clientSecret} `);
    await page.getByLabel('Token', { exact: true }).fill(token);
    await page.getByLabel('Token', { exact: true }).blur();
    await answered('IntrospectionQuery');
    await run();
    await answered('CreateCustomer');
    expect(await facts()).toMatchObject({ Outcome: 'Created' });
  });

  test('keeps secrets in the tab’s memory, and shows them only when asked', async () => {
    await open();
    await run();
    await answered('CreateCustomer');
    const secret = page.getByLabel('Client secret', { exact: true });
    const security = () =>
      secret.evaluate<string, object>((input) =>
        Reflect.get(globalThis, 'getComputedStyle')(input).getPropertyValue('-webkit-text-security'),
      );
    expect(await security()).toBe('disc');
    await page.getByRole('button', { name: 'Show client secret' }).click();
    expect(await security()).toBe('none');

    const kept = JSON.stringify({
      storage: await page.evaluate(() => [Object.entries(localStorage), Object.entries(sessionStorage)]),
      context: await context.storageState({ indexedDB: true }),
      urls: requests.map((request) => request.url()),
    });
    expect(kept).toContain('CreateCustomer');
    expect(kept).not.toContain(gateway.client.credentials.clientSecret);
    expect(kept).not.toContain(gateway.client.credentials.token);
  });

  test('keeps what was written when the page is loaded again, and nothing once the tab is closed', async () => {
    await open();
    await page.getByLabel('Examples').getByRole('button', { name: 'Customers', exact: true }).click();
    await opened('Customers');
    await eventually('it is kept', () =>
      page.evaluate(() => String(sessionStorage.getItem('graphiql:variables')).includes('"hopper"')),
    );
    await page.reload();
    await page.locator('.graphiql-query-editor', { hasText: 'query Customers(' }).waitFor();
    await page.locator('.graphiql-editor-tool', { hasText: '"hopper"' }).waitFor();

    const next = await context.newPage();
    await next.goto(page.url());
    await next.locator('.graphiql-query-editor', { hasText: 'mutation CreateCustomer(' }).waitFor();
    expect(await next.getByRole('tab').count()).toBe(1);
  });

  test('asks no other host for anything', async () => {
    await open();
    const { origin } = new URL(gateway.url);
    expect(hosts.size).toBeGreaterThan(0);
    for (const host of hosts) expect([origin, 'null']).toContain(host);
  });
});
