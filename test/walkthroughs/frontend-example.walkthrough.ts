import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, type Locator, type Page } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility.js';
import { startBrowser } from '../support/browser.js';
import { creation, errorOf, fill, group, outcome, press, visit } from '../support/customer-page.js';
import { migratedDatabase, query } from '../support/database.js';
import { type DemoGateway, startDemoGateway } from '../support/demo-gateway.js';
import { eventually } from '../support/eventually.js';
import {
  installFrontendExample,
  type InstalledExample,
  type RunningExample,
} from '../support/frontend-example.js';
import { CUSTOMER, DELETE_CUSTOMER, UPDATE_CUSTOMER } from '../support/operations.js';
import { operator } from '../support/operator.js';
import { run, temporaryFolder } from '../support/process.js';
import { describeWith } from '../support/programs.js';
import { sharedResources } from '../support/resources.js';
import { exchange, newEmail } from '../support/signed-client.js';
import { lockTable } from '../support/table-lock.js';

/** Installs packages and builds. */
const INSTALL_MS = 240_000;

const NO_RESPONSE = 'Service unavailable';

/** Of the rate limit in the test of it. */
const WINDOW_SECONDS = 5;

/** A gateway with its own database and folder, which can be restarted on the same port. */
async function startWorld(variables: Record<string, string> = {}) {
  const folder = await temporaryFolder();
  const databaseUrl = await migratedDatabase();
  const settings = { DATABASE_URL: databaseUrl, DATABASE_STATEMENT_TIMEOUT_MS: '1000', ...variables };
  const start = (port: string) => startDemoGateway(folder.path, { ...settings, PORT: port });
  const first = await start('0');
  const world = {
    folder: folder.path,
    databaseUrl,
    gateway: first,
    publish: (example: InstalledExample) =>
      example.publish(first.client.credentials.clientId, { ...settings, DATA_DIR: folder.path }),
    async restart(): Promise<void> {
      world.gateway = await start(new URL(first.url).port);
    },
    async end(): Promise<void> {
      await world.gateway.stop('SIGKILL');
      await folder.remove();
    },
  };
  return world;
}

/** The stored customer. */
async function stored(gateway: DemoGateway, email: string) {
  const byEmail = `query ($email: String!) { customerByEmail(email: $email) ${CUSTOMER} }`;
  return (await gateway.client.send(byEmail, { email })).json.data.customerByEmail;
}

const create = (gateway: DemoGateway, customer: string, email: string) =>
  gateway.client.send(
    'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { __typename } }',
    { input: { customer, email } },
  );

const update = async (gateway: DemoGateway, uuid: string, input: object) => {
  const answer = await gateway.client.send(UPDATE_CUSTOMER, { uuid, input });
  expect(answer.json.data.updateCustomer.__typename).toBe('Updated');
  return answer;
};

/** Opens the history of a listed customer. */
async function openHistory(page: Page, customer: string): Promise<Locator> {
  await page.getByRole('button', { name: `History of ${customer}`, expanded: false }).click();
  return page.getByRole('region', { name: `History of ${customer}` });
}

/** Fills in the form and sends it. The gateway stores the customer, but its response is lost. */
async function createAndLoseResponse(page: Page, email: string): Promise<void> {
  await page.route('**/graphql', async (route) => {
    await route.fetch();
    await route.abort();
  });
  await fill(page, { Name: 'A', Email: email });
  await press(page, 'Create customer');
  await outcome(page, 'Connection lost');
  await page.unroute('**/graphql');
}

describeWith('chromium')('the frontend example', () => {
  let browser: Browser;
  let installed: InstalledExample;
  const resources = sharedResources();
  beforeAll(async () => {
    browser = resources.adopt(await startBrowser(), (it) => it.close());
    installed = resources.adopt(await installFrontendExample(), (it) => it.remove());
  }, INSTALL_MS);
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });

  describe('beside a gateway', () => {
    let world: Awaited<ReturnType<typeof startWorld>>;
    let example: RunningExample;
    const running = sharedResources();
    beforeAll(async () => {
      world = running.adopt(await startWorld(), (it) => it.end());
      await world.publish(installed);
      example = running.adopt(await installed.serve({ DATA_DIR: world.folder }), (it) => it.stop());
    });

    test('runs in an empty folder by the six steps of its README', async () => {
      const { clientId, clientSecret, token } = world.gateway.client.credentials;
      const reset = await installed.configure({
        GATEWAY_URL: world.gateway.url,
        GATEWAY_CLIENT_ID: clientId,
        GATEWAY_CLIENT_SECRET: clientSecret,
        GATEWAY_TOKEN: token,
      });
      const started = await installed.start({}).finally(reset);
      try {
        const { page } = await visit(browser, started.url);
        await fill(page, { Name: 'A', Email: newEmail() });
        await press(page, 'Create customer');
        await outcome(page, 'Customer created');
      } finally {
        await started.stop();
      }
      expect(installed.installOutput).not.toMatch(/warn/i);
    });

    test('creates a customer with both addresses and its contacts, and offers the next', async () => {
      const { page, complaints } = await visit(browser, example.url);
      const email = newEmail();
      await fill(page, { Name: 'Ada & Sons', Email: email, Phone: '+44 20 7946 0000' });
      await fill(page, { Website: 'https://sons.example' });
      await page.getByLabel('Status').selectOption('Inactive');
      await fill(group(page, 'Billing address'), { Street: '1 Row', City: 'London', 'Postal code': 'W1' });
      await page.getByLabel('Ship to the billing address').uncheck();
      await fill(group(page, 'Shipping address'), { Street: '2 Quay', State: 'Kent', Country: 'UK' });
      await press(page, 'Add contact');
      await fill(group(page, 'Contact 1'), { 'First name': 'Ada', Email: 'ada@sons.example' });
      await press(page, 'Add contact');
      await fill(group(page, 'Contact 2'), { 'Last name': 'Byron', Phone: '1' });
      await group(page, 'Contact 2').getByLabel('Primary contact').check();
      await press(page, 'Create customer');

      const shown = await outcome(page, 'Customer created');
      const none = { city: null, state: null, zipCode: null, country: null };
      const customer = await stored(world.gateway, email);
      expect(customer).toMatchObject({
        customer: 'Ada & Sons',
        mainPhone: '+44 20 7946 0000',
        website: 'https://sons.example',
        status: 'INACTIVE',
        billingAddress: { ...none, street: '1 Row', city: 'London', zipCode: 'W1' },
        shippingAddress: { ...none, street: '2 Quay', state: 'Kent', country: 'UK' },
        contacts: [
          { firstName: 'Ada', email: 'ada@sons.example', isPrimary: false },
          { lastName: 'Byron', phone: '1', isPrimary: true },
        ],
      });
      for (const part of [customer.uuid, email, '1 Row, London, W1', '2 Quay, Kent, UK', 'Byron, 1']) {
        expect(shown).toContain(part);
      }

      await press(page, 'Create another customer');
      expect(await page.getByLabel('Email').first().inputValue()).toBe('');
      await page.getByRole('listitem').filter({ hasText: email }).waitFor();
      expect(complaints).toEqual([]);
    });

    test('ships to the billing address by default', async () => {
      const { page } = await visit(browser, example.url);
      const email = newEmail();
      await fill(page, { Name: 'A', Email: email, Street: '1 Row' });
      await press(page, 'Create customer');
      await outcome(page, 'Customer created');
      const { billingAddress, shippingAddress } = await stored(world.gateway, email);
      expect(shippingAddress).toEqual(billingAddress);
      expect(billingAddress.street).toBe('1 Row');
    });

    test('shows every validation error at its field, focuses the first, and accepts the correction', async () => {
      const { page } = await visit(browser, example.url);
      const email = page.getByLabel('Email').first();
      await fill(page, { Name: 'A', Email: 'nonsense', Website: 'nonsense' });
      await fill(page, { 'Postal code': '1'.repeat(21) });
      await press(page, 'Add contact');
      await press(page, 'Add contact');
      await fill(group(page, 'Contact 1'), { Email: 'nonsense' });
      await press(page, 'Create customer');
      await outcome(page, 'Check the highlighted fields');

      expect(await errorOf(page.getByLabel('Name (required)'))).toBeNull();
      expect(await errorOf(email)).toBe('Enter an email address, such as name@example.com.');
      expect(await errorOf(page.getByLabel('Website'))).toBe(
        'Enter a web address that starts with http:// or https://.',
      );
      expect(await errorOf(page.getByLabel('Postal code'))).toBe('Must have at most 20 characters.');
      const [first, second] = [group(page, 'Contact 1'), group(page, 'Contact 2')];
      expect(await errorOf(first.getByLabel('Email'))).toBe(
        'Enter an email address, such as name@example.com.',
      );
      expect(await errorOf(second)).toMatch(/^Must have a name.*\.$/);
      expect(await email.evaluate((field) => field.matches(':focus'))).toBe(true);

      await press(page, 'Remove contact 2');
      await fill(page, { Email: newEmail(), Website: 'https://a.example', 'Postal code': '1' });
      await fill(first, { Email: newEmail() });
      expect(await errorOf(email)).toBeNull();
      await press(page, 'Create customer');
      await outcome(page, 'Customer created');
    });

    test('shows an error that belongs to no field above the form', async () => {
      const { page } = await visit(browser, example.url);
      await fill(page, { Name: 'A', Email: newEmail() });
      await page.getByRole('button', { name: 'Add contact' }).evaluate(async (button) => {
        for (let contact = 1; contact <= 51; contact += 1) {
          button.click();
          await new Promise((rendered) => {
            setTimeout(rendered);
          });
        }
      });
      await press(page, 'Create customer');
      expect(await outcome(page, 'Check the highlighted fields')).toMatch(/contacts: must have at most 50/i);
    });

    test('shows at the email that another customer has it, and shows that customer', async () => {
      const { page } = await visit(browser, example.url);
      const email = newEmail();
      await create(world.gateway, 'The first one', email);
      await fill(page, { Name: 'The second one', Email: email.toUpperCase() });
      await press(page, 'Create customer');
      await outcome(page, 'Customer already exists');
      const field = page.getByLabel('Email').first();
      expect(await errorOf(field)).toBe('Another customer has this email address.');
      await press(page, 'Show existing customer');
      await page.getByRole('definition').filter({ hasText: 'The first one' }).waitFor();
    });

    test('finds customers by a part of their name', async () => {
      await create(world.gateway, 'Quartz and Sons', newEmail());
      await create(world.gateway, 'Granite', newEmail());
      const { page } = await visit(browser, example.url);
      const other = page.getByRole('listitem').filter({ hasText: 'Granite' });
      await other.waitFor();
      await fill(page, { 'Search by name, email or phone': 'uartz' });
      await other.waitFor({ state: 'detached' });
      expect(await page.getByRole('listitem').allInnerTexts()).toEqual([
        expect.stringContaining('Quartz and Sons'),
      ]);
    });

    test('shows the history of a customer page by page: what changed, when, and who changed it', async () => {
      const { page, complaints } = await visit(browser, example.url);
      const email = newEmail();
      await fill(page, { Name: 'Basalt', Email: email, City: 'Oslo' });
      await press(page, 'Add contact');
      await fill(group(page, 'Contact 1'), { 'First name': 'Ada', Phone: '1' });
      await press(page, 'Create customer');
      await outcome(page, 'Customer created');
      const { uuid } = await stored(world.gateway, email);
      for (let count = 1; count <= 10; count += 1) {
        await update(world.gateway, uuid, { notes: `Note ${count}` });
      }
      const { headers } = await update(world.gateway, uuid, {
        mainPhone: '+47 1',
        status: 'INACTIVE',
        billingAddress: { city: null },
        contacts: { add: [{ firstName: 'Bob', lastName: 'Bay' }] },
        metadata: [{ key: 'crm', value: '7' }],
      });

      const history = await openHistory(page, 'Basalt');
      const events = history.getByRole('listitem');
      await history.getByText('Latest 10 changes').waitFor();
      const latest = events.first();
      expect(await latest.getByRole('heading').innerText()).toBe('Updated');
      expect(await latest.innerText()).toContain('version 12');
      const time = await latest.locator('time').getAttribute('datetime');
      expect(Math.abs(Date.parse(time ?? '') - Date.now())).toBeLessThan(60_000);
      const { clientId } = world.gateway.client.credentials;
      expect(await latest.innerText()).toContain(
        `Client ${clientId}, request ${String(headers['x-request-id'])}`,
      );
      const changes = new Map<string, string | null>();
      for (const change of await latest.locator('dl > div').all()) {
        changes.set(
          await change.getByRole('term').innerText(),
          await change.getByRole('definition').textContent(),
        );
      }
      expect(Object.fromEntries(changes)).toEqual({
        Phone: '(empty) → changed to +47 1',
        Status: 'Active → changed to Inactive',
        'Billing address, city': 'Oslo → changed to (empty)',
        Contacts: 'Ada, 1 (primary) → changed to Ada, 1 (primary); Bob Bay',
        Metadata: '(empty) → changed to crm: 7',
      });

      await press(history, 'Show more');
      await history.getByText('12 changes').waitFor();
      expect(await events.nth(10).evaluate((event) => event.matches(':focus'))).toBe(true);
      expect(await events.nth(9).textContent()).toContain('Note 1 → changed to Note 2');
      expect(await events.nth(11).innerText()).toMatch(/^Created\n+.*, version 1\n/);
      expect(await history.getByRole('button').count()).toBe(0);

      await page.getByRole('button', { name: 'History of Basalt', expanded: true }).click();
      await history.waitFor({ state: 'detached' });
      expect(complaints).toEqual([]);
    });

    test('reports that a page of a history is unavailable, and shows it when it is available', async () => {
      const email = newEmail();
      await create(world.gateway, 'Gneiss', email);
      const { uuid } = await stored(world.gateway, email);
      for (let count = 1; count <= 10; count += 1) {
        await update(world.gateway, uuid, { notes: `Note ${count}` });
      }
      const { page } = await visit(browser, example.url);
      const history = page.getByRole('region', { name: 'History of Gneiss' });
      const events = history.getByRole('listitem');
      const hasFocus = (place: Locator) => place.evaluate((element) => element.matches(':focus'));
      const failsWhile = async (action: () => Promise<unknown>) => {
        const lock = await lockTable(world.databaseUrl, 'customer_event');
        try {
          await action();
          await history.getByText('Loading…').waitFor();
          await history.getByText(/QUERY_TOO_SLOW, request [\w-]{36}/).waitFor();
        } finally {
          await lock.release();
        }
      };

      await failsWhile(() => openHistory(page, 'Gneiss'));
      expect(await accessibilityProblems(page)).toEqual([]);
      await press(history, 'Try again');
      await history.getByText('Latest 10 changes').waitFor();
      expect(await hasFocus(events.first())).toBe(true);

      await failsWhile(() => press(history, 'Show more'));
      expect(await hasFocus(history.locator('.outcome'))).toBe(true);
      expect(await events.count()).toBe(10);
      await press(history, 'Try again');
      await history.getByText('11 changes').waitFor();
      expect(await hasFocus(events.nth(10))).toBe(true);
      expect(await events.nth(10).innerText()).toContain('Created');
    });

    test('shows that an operator changed a customer, that no changes are stored, or that it no longer exists', async () => {
      const email = newEmail();
      await create(world.gateway, 'Schist', email);
      const { uuid } = await stored(world.gateway, email);
      const { page } = await visit(browser, example.url);
      const reopenHistory = async () => {
        await page.getByRole('button', { name: 'History of Schist', expanded: true }).click();
        return openHistory(page, 'Schist');
      };

      const actor = "client_id = null, token_id = null, request_id = null, command = 'import'";
      await query(world.databaseUrl, `update customer_event set ${actor} where customer_id = $1`, [uuid]);
      const history = await openHistory(page, 'Schist');
      await history.getByText('Operator, command import').waitFor();

      await query(world.databaseUrl, 'delete from customer_event where customer_id = $1', [uuid]);
      await reopenHistory();
      await history.getByText('No changes are stored.').waitFor();

      await world.gateway.client.send(DELETE_CUSTOMER, { uuid });
      await reopenHistory();
      await history.getByText('This customer no longer exists.').waitFor();
      expect(await history.getByRole('listitem').count()).toBe(0);
    });

    test('sends once, however fast the button is pressed', async () => {
      const { page, sent } = await visit(browser, example.url);
      const email = newEmail();
      await fill(page, { Name: 'A', Email: email });
      await page.getByRole('button', { name: 'Create customer' }).dblclick();
      await outcome(page, 'Customer created');
      expect(sent.filter((body) => body.includes(email))).toHaveLength(1);
    });

    test('creates one customer when a response is lost and the form is sent again', async () => {
      const { page } = await visit(browser, example.url);
      const email = newEmail();
      await createAndLoseResponse(page, email);
      await press(creation(page), 'Try again');
      const shown = await outcome(page, 'Customer already created');
      expect(shown).toContain((await stored(world.gateway, email)).uuid);
    });

    test('reports that an earlier attempt succeeded with other values, and creates a new customer from these', async () => {
      const { page } = await visit(browser, example.url);
      const [email, other] = [newEmail(), newEmail()];
      await createAndLoseResponse(page, email);
      await fill(page, { Email: other });
      await press(page, 'Create customer');
      await outcome(page, 'Customer already created with other values');
      await press(page, 'Create as a new customer');
      await outcome(page, 'Customer created');
      expect(await stored(world.gateway, other)).not.toBeNull();
    });

    test('reports that the gateway is down, and creates one customer when it is back', async () => {
      const { page, sent } = await visit(browser, example.url);
      const email = newEmail();
      await fill(page, { Name: 'A', Email: email });
      await world.gateway.stop('SIGKILL');
      try {
        await press(page, 'Create customer');
        expect(await outcome(page, NO_RESPONSE)).toMatch(/GATEWAY_UNREACHABLE, request [\w-]{36}/);
      } finally {
        await world.restart();
      }
      await press(creation(page), 'Try again');
      await outcome(page, 'Customer created');
      expect(await stored(world.gateway, email)).not.toBeNull();
      const keys = sent
        .filter((body) => body.includes(email))
        .map((body) => JSON.parse(body).variables.idempotencyKey);
      expect(keys).toHaveLength(2);
      expect(new Set(keys).size).toBe(1);
    });

    test('reports that the gateway is unavailable, and creates one customer when it is available', async () => {
      const { page } = await visit(browser, example.url);
      const email = newEmail();
      await fill(page, { Name: 'A', Email: email });
      const lock = await lockTable(world.databaseUrl);
      try {
        await press(page, 'Create customer');
        const shown = await outcome(page, NO_RESPONSE);
        expect(shown).toMatch(/SERVICE_UNAVAILABLE, request [\w-]{36}/);
      } finally {
        await lock.release();
      }
      await press(creation(page), 'Try again');
      await outcome(page, 'Customer created');
      expect(await stored(world.gateway, email)).not.toBeNull();
    });

    test.each(['light', 'dark'] as const)('is accessible, %s', async (colorScheme) => {
      const { page } = await visit(browser, example.url);
      await page.emulateMedia({ colorScheme });
      const email = newEmail();
      await create(world.gateway, 'A', email);
      await fill(page, { Name: 'A', Email: 'nonsense' });
      await press(page, 'Add contact');
      await press(page, 'Create customer');
      await outcome(page, 'Check the highlighted fields');
      expect(await accessibilityProblems(page)).toEqual([]);

      await press(page, 'Remove contact 1');
      await fill(page, { Email: email });
      await press(page, 'Create customer');
      await press(page, 'Show existing customer');
      await page.getByRole('definition').first().waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);

      await fill(page, { Email: newEmail() });
      await press(page, 'Create customer');
      await outcome(page, 'Customer created');
      expect(await accessibilityProblems(page)).toEqual([]);

      const { uuid } = await stored(world.gateway, email);
      await update(world.gateway, uuid, { customer: `Slate ${colorScheme}`, mainPhone: '1' });
      await fill(page, { 'Search by name, email or phone': email });
      const history = await openHistory(page, `Slate ${colorScheme}`);
      await history.getByText('2 changes').waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);
    });

    test('asks for a reload after an outcome that it does not know', async () => {
      const { page } = await visit(browser, example.url);
      // No gateway has such an outcome yet, so a real one is renamed.
      await page.route('**/graphql', async (route) => {
        const response = await route.fetch();
        await route.fulfill({
          response,
          body: (await response.text()).replace('"ValidationError"', '"Postponed"'),
        });
      });
      await press(page, 'Create customer');
      expect(await outcome(page, 'This page is out of date')).toContain('Postponed');
    });

    test('gives the browser no secret, no token and no document', async () => {
      const { page, received, sent, complaints } = await visit(browser, example.url);
      const email = newEmail();
      await fill(page, { Name: 'A', Email: email });
      await press(page, 'Create customer');
      await outcome(page, 'Customer created');
      const all = await received();
      expect(all).toContain(email);
      const { clientId, clientSecret, token } = world.gateway.client.credentials;
      const seen = all + sent.join();
      // Not `toContain`: a failure would print all there is.
      for (const text of [clientId, clientSecret, token, 'createCustomer(', 'CustomerDetails on']) {
        expect(seen.includes(text)).toBe(false);
      }
      expect(complaints).toEqual([]);
    });

    describe('its back end', () => {
      /** The IDs and texts of the page's operations. */
      const documentIds = async () => {
        const file = resolve(installed.folder, 'generated/persisted-documents.json');
        return Object.entries<string>(JSON.parse(await readFile(file, 'utf8')));
      };
      const post = (body: unknown, headers: Record<string, string | undefined> = {}) =>
        exchange(
          new URL('/graphql', example.url),
          'POST',
          { 'content-type': 'application/json', origin: example.url, ...headers },
          typeof body === 'string' ? body : JSON.stringify(body),
        );
      const list = async () => {
        const [documentId] = (await documentIds()).find(([, text]) => text.includes('NewestCustomers')) ?? [];
        return { documentId, variables: {} };
      };

      test('passes on the gateway’s answer with its limit', async () => {
        const answer = await post(await list());
        expect(answer.status).toBe(200);
        expect(answer.json.data.customersConnection.nodes).toBeInstanceOf(Array);
        expect(answer.headers).toMatchObject({
          'ratelimit-limit': '1000000',
          'x-request-id': expect.stringMatching(/./),
        });
      });

      test('passes on a refusal as it is', async () => {
        const answer = await post({ ...(await list()), variables: { search: 1 } });
        expect(answer.status).toBe(400);
        expect(answer.json.errors[0].extensions.code).toBe('BAD_USER_INPUT');
      });

      test.each([
        ['a document', 400, { query: '{ __typename }' }],
        ['an operation that the page does not have', 404, { documentId: `sha256:${'0'.repeat(64)}` }],
        ['what every object has', 404, { documentId: 'constructor' }],
        ['no JSON', 400, '{'],
        ['more than a form can have', 413, { documentId: 'a'.repeat(300_000) }],
      ])('refuses %s', async (_what, status, body) => {
        const answer = await post(body);
        expect(answer.status).toBe(status);
        expect(answer.json.errors).toHaveLength(1);
      });

      test.each([
        ['another site', 403, { origin: 'https://evil.example' }],
        ['another port', 403, { origin: 'http://127.0.0.1:1' }],
        ['a page without an origin', 403, { origin: 'null' }],
        ['a request without the header Origin', 403, { origin: undefined }],
        ['a form', 415, { 'content-type': 'text/plain' }],
        ['a form with fields', 415, { 'content-type': 'application/x-www-form-urlencoded' }],
      ])('refuses what comes from %s', async (_where, status, headers) => {
        const answer = await post(await list(), headers);
        expect(answer.status).toBe(status);
        expect(answer.json.data).toBeUndefined();
      });

      test('lets the page load nothing from elsewhere', async () => {
        const { headers } = await exchange(new URL(example.url), 'GET', {}, '');
        expect(headers['content-security-policy']).toMatch(/default-src 'none'.*script-src 'self'/);
        expect(headers['content-security-policy']).not.toContain('unsafe');
      });

      test('does not start without a gateway, and prints what to do', async () => {
        const dataDir = await temporaryFolder();
        const demo = resolve(dataDir.path, 'demo.json');
        const start = (variables: Record<string, string>) =>
          installed.run('node dist/bff/main.js', { PORT: '0', ...variables });
        try {
          await expect(start({})).rejects.toThrow('Copy .env.example to .env and fill it in.');
          await expect(start({ DATA_DIR: dataDir.path })).rejects.toThrow(`${demo} does not exist.`);
          const down = 'http://127.0.0.1:9/graphql';
          const credentials = { clientId: 'a', clientSecret: 'b', token: 'c' };
          await writeFile(demo, JSON.stringify({ url: down, ...credentials }));
          await expect(start({ DATA_DIR: dataDir.path })).rejects.toThrow(`No gateway responds at ${down}.`);
          await writeFile(demo, JSON.stringify({ url: new URL('/', world.gateway.url), ...credentials }));
          await expect(start({ DATA_DIR: dataDir.path })).rejects.toThrow('Set GATEWAY_URL to the gateway');
          const incomplete = { GATEWAY_URL: 'gateway.example', GATEWAY_TOKEN: 'c', PORT: 'x' };
          const problems = [
            'PORT must be a port number from 0 to 65535.',
            'GATEWAY_URL must be an http or https URL.',
            'GATEWAY_CLIENT_ID is required.',
            'GATEWAY_CLIENT_SECRET is required.',
          ];
          await expect(start(incomplete)).rejects.toThrow(problems.join('\n'));
        } finally {
          await dataDir.remove();
        }
      });

      test('reports an unsupported Node in one sentence', async () => {
        // No other Node is installed for the tests, so this one is given an old version number.
        const preload = "Object.defineProperty(process.versions, 'node', { value: '20.18.1' })";
        const command = `node --import ${JSON.stringify(`data:text/javascript,${preload}`)} check-node.cjs`;
        await expect(installed.run(command)).rejects.toThrow(/This app needs Node 20\.19.*, not 20\.18\.1/);
      });
    });

    test('is served from its source during development', async () => {
      const source = await installed.open('npm run dev', { DATA_DIR: world.folder });
      try {
        const { page, complaints } = await visit(browser, source.url);
        await fill(page, { Name: 'A', Email: newEmail() });
        await press(page, 'Create customer');
        await outcome(page, 'Customer created');
        expect(complaints).toEqual([]);
      } finally {
        await source.stop();
      }
    });

    test('reports that its operations are not published, and works for a client that may send nothing else', async () => {
      const { clientId } = world.gateway.client.credentials;
      const admin = operator({ DATABASE_URL: world.databaseUrl, DATA_DIR: world.folder });
      await admin.ask('client', 'set-documents', clientId, 'published');
      try {
        await eventually(
          'it may send no text',
          async () =>
            (await world.gateway.client.send('{ a }')).json.errors[0].extensions.code ===
            'PERSISTED_QUERY_ID_REQUIRED',
        );
        const { page } = await visit(browser, example.url);
        await fill(page, { Name: 'A', Email: newEmail() });
        await press(page, 'Create customer');
        await outcome(page, 'Customer created');

        const documents: { id: string }[] = await admin.ask('documents', 'list', '--client', clientId);
        await admin.ask('documents', 'remove', ...documents.map(({ id }) => id), '--client', clientId);
        await eventually('they are removed', async () => {
          const { json } = await world.gateway.client.post(JSON.stringify({ documentId: documents[0]?.id }));
          return json.errors[0].extensions.code === 'PERSISTED_QUERY_NOT_IN_LIST';
        });
        await page.reload();
        await press(page, 'Create customer');
        expect(await outcome(page, 'This app is not published')).toContain(
          'PERSISTED_QUERY_NOT_IN_LIST, request ',
        );
      } finally {
        await world.publish(installed);
        await admin.ask('client', 'set-documents', clientId, 'any');
        await eventually(
          'it may send text',
          async () => (await world.gateway.client.send('{ __typename }')).status === 200,
        );
      }
    });

    test('reports that the gateway rejects its credentials', async () => {
      const { clientId, clientSecret } = world.gateway.client.credentials;
      const rejected = await installed.serve({
        GATEWAY_URL: world.gateway.url,
        GATEWAY_CLIENT_ID: clientId,
        GATEWAY_CLIENT_SECRET: clientSecret,
        GATEWAY_TOKEN: 'cgt_never-issued',
      });
      try {
        const { page } = await visit(browser, rejected.url);
        await press(page, 'Create customer');
        const shown = await outcome(page, 'This app is not connected');
        expect(shown).toContain('UNAUTHENTICATED, TOKEN_INVALID, request ');
      } finally {
        await rejected.stop();
      }
    });
  });

  test('does not compile with a schema that has one more outcome until the page handles it', async () => {
    const fork = await installed.fork();
    try {
      const file = resolve(fork.folder, 'schema.graphql');
      const schema = await readFile(file, 'utf8');
      const members = /^union CreateCustomerResult = .*$/m;
      expect(schema).toMatch(members);
      await writeFile(file, schema.replace(members, '$& | NotFound'));
      const check = installed.run(`cd '${fork.folder}' && npm run check`);
      await expect(check).rejects.toThrow(
        /page\/outcomes\/outcome\.tsx[^]*is not assignable to type 'never'/,
      );
    } finally {
      await fork.remove();
    }
  });

  test('has the schema and the client of this repository', async () => {
    const { code, stderr } = await run(process.execPath, ['scripts/frontend-example.ts', '--check']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  describe('with a rate limit of 1', () => {
    let world: Awaited<ReturnType<typeof startWorld>>;
    let example: RunningExample;
    const running = sharedResources();
    beforeAll(async () => {
      const limit = { RATE_LIMIT_MAX: '1', RATE_LIMIT_WINDOW_SECONDS: String(WINDOW_SECONDS) };
      world = running.adopt(await startWorld(limit), (it) => it.end());
      await world.publish(installed);
      example = running.adopt(await installed.serve({ DATA_DIR: world.folder }), (it) => it.stop());
    });

    test('counts down until the limit allows another request, and then sends it', async () => {
      const { page } = await visit(browser, example.url);
      const email = newEmail();
      await fill(page, { Name: 'A', Email: email });
      // Uses the only request of the window, once the page's first request, which may come late, has left it.
      await sleep((WINDOW_SECONDS + 2) * 1_000);
      const { json } = await create(world.gateway, 'Another', newEmail());
      expect(json.data.createCustomer.__typename).toBe('Created');
      await press(page, 'Create customer');
      const notice = await outcome(page, 'Too many requests');
      expect(notice).toMatch(/Try again in \d s\./);
      expect(await page.getByRole('button', { name: 'Create customer' }).isDisabled()).toBe(true);
      await page.getByText('You can try again now.').waitFor();
      await press(page, 'Create customer');
      await outcome(page, 'Customer created');
    });
  });
});
