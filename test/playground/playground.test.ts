import { createHash, createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, type BrowserContext } from 'playwright-core';
import { examples } from '../../playground/src/examples.js';
import { accessibilityProblems } from '../support/accessibility.js';
import { startBrowser } from '../support/browser.js';
import { migratedDatabase } from '../support/database.js';
import { type DemoGateway, startDemoGateway } from '../support/demo-gateway.js';
import { eventually } from '../support/eventually.js';
import { openPlayground, type PlaygroundPage } from '../support/playground-page.js';
import { run as runProgram, temporaryFolder } from '../support/process.js';
import { describeWith } from '../support/programs.js';

/** Timeout of tests that go through many states of the page, in ms. */
const LONG = 90_000;

describeWith(
  'chromium',
  'curl',
  'openssl',
  'python3',
)('in a browser, the playground', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let gateway: DemoGateway;
  let browser: Browser;
  /** One for all tests, so that the page is downloaded once; what it keeps ends with each tab. */
  let context: BrowserContext;
  /** The tab of the current test. */
  let playground: PlaygroundPage | undefined;
  /** The tab of the tests that begin with an example: to load the page takes seconds. */
  let shared: PlaygroundPage | undefined;

  beforeAll(async () => {
    folder = await temporaryFolder();
    gateway = await startDemoGateway(folder.path, { DATABASE_URL: await migratedDatabase() });
    browser = await startBrowser();
    context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  });
  afterEach(async ({ task }) => {
    await playground?.close();
    playground = undefined;
    if (task.result?.state === 'pass') return;
    // It may have been left in any state.
    await shared?.close();
    shared = undefined;
  });
  afterAll(async () => {
    await browser.close();
    await gateway.stop('SIGTERM');
    await folder.remove();
  });

  async function open(options: Parameters<typeof openPlayground>[2] = {}, profile = context) {
    playground = await openPlayground(profile, gateway, options);
    return playground;
  }

  async function openExample(title: string) {
    shared ??= await openPlayground(context, gateway);
    await shared.choose(title);
    return shared;
  }

  describe('at the first press of the run button in a new tab', () => {
    let tab: PlaygroundPage;
    /** The line that opens the signing panel, before the press. */
    let signingBefore: string;
    beforeAll(async () => {
      tab = await openPlayground(context, gateway);
      await tab.page.getByText(/^Press ▶ or Ctrl-Enter/).waitFor();
      signingBefore = await tab.page.locator('.signing-toggle').innerText();
      await tab.run();
      await tab.facts();
    });
    afterAll(() => {
      shared = tab;
    });

    test('creates a customer', async () => {
      const { page, facts, outcomes, complaints } = tab;
      expect(await facts()).toEqual({
        Status: 'HTTP 200',
        Time: expect.stringMatching(/^\d+ ms$/),
        'Rate limit left': expect.stringMatching(/^\d+ of \d+, resets in \d+ s$/),
        'Request ID': expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
      expect(await outcomes()).toEqual(['Created The customer was stored. Documentation of Created']);
      await page.getByText('"Customer created."').waitFor();
      const { json } = await gateway.client.send('{ customers { records { customer } } }');
      expect(json.data.customers.records).toEqual([{ customer: 'Grace Hopper Ltd' }]);
      expect(complaints).toEqual([]);
    });

    test('signs every request, introspection too, and shows what was signed for the last operation', async () => {
      const { page, openSigning, requests } = tab;
      const { clientId, clientSecret, token } = gateway.client.credentials;
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
        expect(headers).toMatchObject({
          'x-client-id': clientId,
          'x-signature': createHmac('sha256', clientSecret).update(text).digest('hex'),
          authorization: `Bearer ${token}`,
        });
      }
      expect(signingBefore).toMatch(new RegExp(`^Signing\\s+client ${clientId}\\s+team Demo\\s+ready$`));
      expect(await page.locator('.signing-toggle').innerText()).toContain('accepted');
      const headers = requests[1]?.headers() ?? {};
      await openSigning();
      const signed = page.getByRole('region', { name: 'Last signed request' });
      expect(await signed.locator('dd').allTextContents()).toEqual([
        expect.stringMatching(new RegExp(`^POST:/graphql:${headers['x-timestamp']}:[0-9a-f]{64}$`)),
        headers['x-client-id'],
        headers['x-timestamp'],
        headers['x-signature'],
      ]);
    });

    test('keeps secrets in the tab’s memory, and shows them only when asked', async () => {
      const { page, openSigning, requests } = tab;
      await openSigning();
      const secret = page.getByLabel('Client secret', { exact: true });
      const security = () =>
        secret.evaluate<string, object>((input) =>
          Reflect.get(globalThis, 'getComputedStyle')(input).getPropertyValue('-webkit-text-security'),
        );
      expect(await security()).toBe('disc');
      await page.getByRole('button', { name: 'Show client secret' }).click();
      expect(await security()).toBe('none');
      await page.getByRole('button', { name: 'Hide client secret' }).click();
      expect(await security()).toBe('disc');

      const kept = JSON.stringify({
        storage: await page.evaluate(() => [Object.entries(localStorage), Object.entries(sessionStorage)]),
        context: await page.context().storageState({ indexedDB: true }),
        urls: requests.map((request) => request.url()),
      });
      expect(kept).toContain('CreateCustomer');
      expect(kept).not.toContain(gateway.client.credentials.clientSecret);
      expect(kept).not.toContain(gateway.client.credentials.token);
    });
  });

  test('has a menu of every example by its field, with the outcome that it leads to', async () => {
    const { page } = await openExample('Create a customer');
    await page.getByRole('button', { name: 'Examples' }).click();
    const menu = page.getByRole('menu');
    const shown = [];
    for (const group of await menu.getByRole('group').all()) {
      const field = await group.locator('> span').textContent();
      const titles = await group.getByRole('menuitem').locator('span:first-child').allTextContents();
      const outcomes = await group.getByRole('menuitem').locator('.leads-to').allTextContents();
      shown.push(...titles.map((title, index) => ({ field, title, outcome: outcomes[index] })));
    }
    await page.keyboard.press('Escape');
    expect(shown).toEqual(examples.map(({ field, title, outcome }) => ({ field, title, outcome })));
  });

  test('runs an example for the customer last seen, and explains each root field', async () => {
    const { run, choose, outcomes, complaints } = await openExample('Email already in use');
    await run();
    expect(await outcomes()).toEqual([
      expect.stringMatching(/^first: Created /),
      expect.stringMatching(/^second: Conflict The team already has a customer with this email\. /),
    ]);
    await choose('Change the phone number');
    await run();
    expect(await outcomes()).toEqual([expect.stringMatching(/^Updated /)]);
    expect(complaints).toEqual([]);
  });

  test('links an outcome to its type in the schema documentation', async () => {
    const { page, run, outcomes } = await openExample('Several invalid fields');
    await run();
    expect(await outcomes()).toEqual([
      'ValidationError The input is not valid. Nothing was stored. Correct every field listed in errors and send the request again. Documentation of ValidationError',
    ]);
    await page.getByRole('button', { name: 'Documentation of ValidationError' }).click();
    const explorer = page.getByRole('region', { name: 'Documentation Explorer' });
    await explorer.getByText('ValidationError', { exact: true }).first().waitFor();
    expect(await explorer.isVisible()).toBe(true);
  });

  test('explains a GraphQL error and lists all error codes', async () => {
    const { page, run, write, outcomes } = await openExample('Create a customer');
    await write(
      `query TooMany { ${Array.from({ length: 31 }, (_, index) => `a${index}: __typename`).join(' ')} }`,
    );
    await run();
    expect(await outcomes()).toEqual([
      'QUERY_TOO_COMPLEX The document exceeds a limit: bound names it and limit is the maximum. Select fewer fields, or split the document. All error codes',
    ]);
    await page.getByRole('button', { name: 'All error codes' }).click();
    const dialog = page.getByRole('dialog', { name: 'Error codes' });
    await dialog.getByText('QUERY_TOO_COMPLEX').waitFor();
    await dialog.getByRole('button', { name: 'Close dialog' }).click();
    await dialog.waitFor({ state: 'hidden' });
  });

  test('copies a request as a program that runs as pasted', async () => {
    const programs: Record<string, string[]> = {
      curl: ['bash', '-c'],
      'Node.js': [process.execPath, '--input-type=module', '-e'],
      Python: ['python3', '-c'],
    };
    const { page, choose } = await openExample('Create a customer');
    for (const [format, [program = '', ...args]] of Object.entries(programs)) {
      await choose('Create a customer');
      await page.getByRole('button', { name: 'Copy as' }).click();
      await page.getByRole('menuitem', { name: format }).click();
      await page
        .getByRole('status')
        .getByText(`Copied as ${format}. It contains the client secret and the token: do not share it.`)
        .waitFor();
      const snippet = await page.evaluate<string>('navigator.clipboard.readText()');

      const { code, stdout, stderr } = await runProgram(program, [...args, snippet]);
      expect({ format, code, stderr }).toEqual({ format, code: 0, stderr: '' });
      const outcome = JSON.parse(stdout).data.createCustomer;
      expect(outcome).toMatchObject({ __typename: 'Created', replayed: false });
    }
  });

  test('explains why a request is not authenticated', async () => {
    const mistakes: [string, string, string, string][] = [
      ['SIGNATURE_MISMATCH', 'Client secret', 'cgs_wrong', 'not a current secret of this client'],
      ['SIGNATURE_MISMATCH', 'Client ID', 'c0ffee00-0000-4000-8000-000000000000', 'The client ID is unknown'],
      ['TOKEN_INVALID', 'Token', `cgt_${'a'.repeat(43)}`, 'not to this client'],
      ['MALFORMED_HEADER: authorization', 'Token', 'cgt_a b', 'A token contains no spaces'],
    ];
    const { page, run, openSigning, facts, outcomes } = await openExample('Create a customer');
    await openSigning();
    for (const [reason, label, value, help] of mistakes) {
      const field = page.getByLabel(label, { exact: true });
      const right = await field.inputValue();
      await field.fill(value);
      await run();
      await page.locator('.outcome', { hasText: help }).waitFor();
      expect(await facts()).toMatchObject({ Status: 'HTTP 401' });
      expect((await outcomes())[0]).toMatch(new RegExp(`^${reason} `));
      expect(await page.locator('.signing-toggle').innerText()).toContain(`rejected: ${reason}`);
      await field.fill(right);
    }
  });

  test(
    'has no accessibility problem in its own parts, in light and in dark colors',
    async () => {
      const { page, run, openSigning } = await openExample('Create a customer');
      const expectNone = async (...parts: string[]) => {
        await page.emulateMedia({ colorScheme: 'light' });
        expect(await accessibilityProblems(page, parts)).toEqual([]);
        // The same elements in other colors.
        await page.emulateMedia({ colorScheme: 'dark' });
        expect(await accessibilityProblems(page, parts, ['color-contrast'])).toEqual([]);
      };
      await expectNone('.playground-header', '.run-hint');
      for (const menu of ['Examples', 'Copy as']) {
        await page.getByRole('button', { name: menu }).click();
        await page.getByRole('menu').waitFor();
        await expectNone('[role=menu]');
        await page.keyboard.press('Escape');
      }
      await run();
      await page.locator('.outcome').waitFor();
      await openSigning();
      // With the secret shown and hidden.
      for (let times = 0; times < 2; times += 1) {
        await page.getByRole('button', { name: /^(Show|Hide) client secret$/ }).click();
        await expectNone('.playground-header', '.response-bar');
      }
      const secret = page.getByLabel('Client secret', { exact: true });
      await secret.fill('cgs_wrong');
      await run();
      await page.locator('.outcome.error').waitFor();
      await expectNone('.response-bar');
      await page.getByRole('button', { name: 'All error codes' }).click();
      await page.getByRole('dialog').waitFor();
      await expectNone('[role=dialog]');
      await page.getByRole('button', { name: 'Close dialog' }).click();
      await secret.fill(gateway.client.credentials.clientSecret);
    },
    LONG,
  );

  test('says how wrong the clock is', async () => {
    const { page, run, outcomes } = await open({}, await browser.newContext());
    await page.clock.setFixedTime(Date.now() + 3_600_000);
    await run();
    expect((await outcomes())[0]).toMatch(
      /^TIMESTAMP_OUT_OF_RANGE: x-timestamp .* It is 3(59\d|60\d) s ahead\. /,
    );
  });

  test('without a demo client asks for credentials, then loads the schema with them', async () => {
    const { clientId, clientSecret, token } = gateway.client.credentials;
    const { page, run, outcomes, requests } = await open({ withDemo: false });
    await page.getByText('Enter the client ID, client secret, token under "Signing"').waitFor();
    await run();
    await page.getByText('The request is not sent').waitFor();
    expect(requests).toEqual([]);

    await page.getByLabel('Client ID', { exact: true }).fill(clientId);
    await page.getByLabel('Client secret', { exact: true }).fill(` ${clientSecret} `);
    await page.getByLabel('Token', { exact: true }).fill(token);
    const schema = page.waitForResponse('**/graphql');
    await page.getByLabel('Token', { exact: true }).blur();
    expect((await schema).status()).toBe(200);
    await run();
    expect(await outcomes()).toEqual([expect.stringMatching(/^Created /)]);
  });

  test('keeps operations when the page is loaded again, and nothing once the tab is closed', async () => {
    const { page } = await openExample('Search, newest first');
    await eventually('it is kept', () =>
      page.evaluate(() => String(sessionStorage.getItem('graphiql:variables')).includes('"hopper"')),
    );
    await page.reload();
    await page.locator('.graphiql-query-editor', { hasText: 'query Customers(' }).waitFor();
    await page.locator('.graphiql-editor-tool', { hasText: '"hopper"' }).waitFor();

    const next = await page.context().newPage();
    await next.goto(page.url());
    await next.locator('.graphiql-query-editor', { hasText: 'mutation CreateCustomer(' }).waitFor();
    expect(await next.getByRole('tab').count()).toBe(1);
  });

  test('asks no other host for anything', async () => {
    const { origins } = await openExample('Create a customer');
    const { origin } = new URL(gateway.url);
    expect(origins.size).toBeGreaterThan(0);
    for (const other of origins) expect([origin, 'null']).toContain(other);
  });
});
