import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Browser, type Page } from 'playwright-core';
import { accessibilityProblems } from '../support/accessibility.js';
import { startBrowser } from '../support/browser.js';
import { creation, errorOf, fill, group, outcome, press, visit } from '../support/customer-page.js';
import { migratedDatabase } from '../support/database.js';
import { type DemoGateway, startDemoGateway } from '../support/demo-gateway.js';
import { eventually } from '../support/eventually.js';
import { type FrontendExample, startFrontendExample } from '../support/frontend-example.js';
import { CUSTOMER } from '../support/operations.js';
import { run, temporaryFolder } from '../support/process.js';
import { describeWith } from '../support/programs.js';
import { exchange, newEmail } from '../support/signed-client.js';
import { lockTable } from '../support/table-lock.js';

/** The first start installs packages. */
const INSTALL_MS = 300_000;
const THE_COMMAND = ['run', 'example:frontend'];

/** A gateway on a database and a folder of its own, and how to start it again after a stop. */
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

/** The customer as the gateway has it. */
async function stored(gateway: DemoGateway, email: string) {
  const query = `query ($email: String!) { customerByEmail(email: $email) ${CUSTOMER} }`;
  return (await gateway.client.send(query, { email })).json.data.customerByEmail;
}

const create = (gateway: DemoGateway, customer: string, email: string) =>
  gateway.client.send(
    'mutation ($input: CreateCustomerInput!) { createCustomer(input: $input) { __typename } }',
    { input: { customer, email } },
  );

/** Fills the form and sends it; the gateway stores the customer, and its answer never comes. */
async function createAndLoseAnswer(page: Page, email: string): Promise<void> {
  await page.route('**/graphql', async (route) => {
    await route.fetch();
    await route.abort();
  });
  await fill(page, { Name: 'A', Email: email });
  await press(page, 'Create customer');
  await outcome(page, 'No answer came.');
  await page.unroute('**/graphql');
}

describeWith('chromium')('the frontend example', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });
  afterAll(() => browser.close());

  describe('beside a gateway', () => {
    let world: Awaited<ReturnType<typeof startWorld>>;
    let example: FrontendExample;
    beforeAll(async () => {
      world = await startWorld();
      example = await startFrontendExample(THE_COMMAND, { DATA_DIR: world.folder });
    }, INSTALL_MS);
    afterAll(async () => {
      await example.stop();
      await world.end();
    });

    test('creates a customer with both addresses and its contacts, and offers the next', async () => {
      const { page, complaints } = await visit(browser, example.url);
      const email = newEmail();
      await fill(page, { Name: 'Ada & Sons', Email: email, Phone: '+44 20 7946 0000' });
      await fill(page, { Website: 'https://sons.example' });
      await page.getByLabel('Status').selectOption('Inactive');
      await fill(group(page, 'Billing address'), { Street: '1 Row', City: 'London', 'Postal code': 'W1' });
      await page.getByLabel('Shipping address is the same as billing').uncheck();
      await fill(group(page, 'Shipping address'), { Street: '2 Quay', State: 'Kent', Country: 'UK' });
      await press(page, 'Add a contact');
      await fill(group(page, 'Contact 1'), { 'First name': 'Ada', Email: 'ada@sons.example' });
      await press(page, 'Add a contact');
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
      expect(await page.getByRole('listitem').first().innerText()).toContain(email);
      expect(complaints).toEqual([]);
    });

    test('sends goods where invoices go unless told otherwise', async () => {
      const { page } = await visit(browser, example.url);
      const email = newEmail();
      await fill(page, { Name: 'A', Email: email, Street: '1 Row' });
      await press(page, 'Create customer');
      await outcome(page, 'Customer created');
      const { billingAddress, shippingAddress } = await stored(world.gateway, email);
      expect(shippingAddress).toEqual(billingAddress);
      expect(billingAddress.street).toBe('1 Row');
    });

    test('shows everything that is wrong beside its field, goes to the first, and lets it be mended', async () => {
      const { page } = await visit(browser, example.url);
      const email = page.getByLabel('Email').first();
      await fill(page, { Name: 'A', Email: 'nonsense', Website: 'nonsense' });
      await fill(page, { 'Postal code': '1'.repeat(21) });
      await press(page, 'Add a contact');
      await press(page, 'Add a contact');
      await fill(group(page, 'Contact 1'), { Email: 'nonsense' });
      await press(page, 'Create customer');
      await outcome(page, 'The input is not valid.');

      expect(await errorOf(page.getByLabel('Name required'))).toBeNull();
      expect(await errorOf(email)).toBe('must be a valid email address');
      expect(await errorOf(page.getByLabel('Website'))).toBe('must be an http or https URL');
      expect(await errorOf(page.getByLabel('Postal code'))).toBe('must have at most 20 characters');
      const [first, second] = [group(page, 'Contact 1'), group(page, 'Contact 2')];
      expect(await errorOf(first.getByLabel('Email'))).toBe('must be a valid email address');
      expect(await errorOf(second)).toBe('must have a name, an email or a phone number');
      expect(await email.evaluate((field) => field.matches(':focus'))).toBe(true);

      await press(page, 'Remove contact 2');
      await fill(page, { Email: newEmail(), Website: 'https://a.example', 'Postal code': '1' });
      await fill(first, { Email: newEmail() });
      expect(await errorOf(email)).toBeNull();
      await press(page, 'Create customer');
      await outcome(page, 'Customer created');
    });

    test('shows what is wrong and has no field above the form', async () => {
      const { page } = await visit(browser, example.url);
      await fill(page, { Name: 'A', Email: newEmail() });
      for (let contact = 1; contact <= 51; contact += 1) await press(page, 'Add a contact');
      await press(page, 'Create customer');
      expect(await outcome(page, 'The input is not valid.')).toContain('contacts: must have at most 50');
    });

    test('says beside the email that another customer has it, and shows that one', async () => {
      const { page } = await visit(browser, example.url);
      const email = newEmail();
      await create(world.gateway, 'The first one', email);
      await fill(page, { Name: 'The second one', Email: email.toUpperCase() });
      await press(page, 'Create customer');
      await outcome(page, 'A customer with this email exists already.');
      const field = page.getByLabel('Email').first();
      expect(await errorOf(field)).toBe('A customer with this email exists already.');
      await press(page, 'Show the customer that has it');
      await page.getByRole('definition').filter({ hasText: 'The first one' }).waitFor();
    });

    test('finds customers by a part of their name', async () => {
      await create(world.gateway, 'Quartz and Sons', newEmail());
      await create(world.gateway, 'Granite', newEmail());
      const { page } = await visit(browser, example.url);
      const other = page.getByRole('listitem').filter({ hasText: 'Granite' });
      await other.waitFor();
      await fill(page, { Search: 'uartz' });
      await other.waitFor({ state: 'detached' });
      expect(await page.getByRole('listitem').allInnerTexts()).toEqual([
        expect.stringContaining('Quartz and Sons'),
      ]);
    });

    test('sends once, however fast the button is pressed', async () => {
      const { page, sent } = await visit(browser, example.url);
      const email = newEmail();
      await fill(page, { Name: 'A', Email: email });
      await page.getByRole('button', { name: 'Create customer' }).dblclick();
      await outcome(page, 'Customer created');
      expect(sent.filter((body) => body.includes(email))).toHaveLength(1);
    });

    test('creates once when an answer was lost and the form is sent again', async () => {
      const { page } = await visit(browser, example.url);
      const email = newEmail();
      await createAndLoseAnswer(page, email);
      await press(creation(page), 'Try again');
      const shown = await outcome(page, 'Stored by an earlier try');
      expect(shown).toContain((await stored(world.gateway, email)).uuid);
    });

    test('says when an earlier try was stored with other values, and sends those as another customer', async () => {
      const { page } = await visit(browser, example.url);
      const [email, other] = [newEmail(), newEmail()];
      await createAndLoseAnswer(page, email);
      await fill(page, { Email: other });
      await press(page, 'Create customer');
      await outcome(page, 'This idempotency key was used for another input.');
      await press(page, 'Send this as another customer');
      await outcome(page, 'Customer created');
      expect(await stored(world.gateway, other)).not.toBeNull();
    });

    test('says that the gateway is away, and creates once when it is back', async () => {
      const { page, sent } = await visit(browser, example.url);
      const email = newEmail();
      await fill(page, { Name: 'A', Email: email });
      await world.gateway.stop('SIGKILL');
      try {
        await press(page, 'Create customer');
        expect(await outcome(page, 'The gateway does not answer.')).toMatch(/request [\w-]{36}/);
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

    test('says that the gateway cannot answer just now, and creates once when it can', async () => {
      const { page } = await visit(browser, example.url);
      const email = newEmail();
      await fill(page, { Name: 'A', Email: email });
      const lock = await lockTable(world.databaseUrl);
      try {
        await press(page, 'Create customer');
        const shown = await outcome(page, 'The gateway cannot answer just now.');
        expect(shown).toMatch(/SERVICE_UNAVAILABLE, request [\w-]{36}/);
      } finally {
        await lock.release();
      }
      await press(creation(page), 'Try again');
      await outcome(page, 'Customer created');
      expect(await stored(world.gateway, email)).not.toBeNull();
    });

    test.each(['light', 'dark'] as const)('can be used by everybody, %s', async (colorScheme) => {
      const { page } = await visit(browser, example.url);
      await page.emulateMedia({ colorScheme });
      const email = newEmail();
      await create(world.gateway, 'A', email);
      await fill(page, { Name: 'A', Email: 'nonsense' });
      await press(page, 'Add a contact');
      await press(page, 'Create customer');
      await outcome(page, 'The input is not valid.');
      expect(await accessibilityProblems(page)).toEqual([]);

      await press(page, 'Remove contact 1');
      await fill(page, { Email: email });
      await press(page, 'Create customer');
      await press(page, 'Show the customer that has it');
      await page.getByRole('definition').first().waitFor();
      expect(await accessibilityProblems(page)).toEqual([]);

      await fill(page, { Email: newEmail() });
      await press(page, 'Create customer');
      await outcome(page, 'Customer created');
      expect(await accessibilityProblems(page)).toEqual([]);
    });

    test('shows an outcome that it does not know', async () => {
      const { page } = await visit(browser, example.url);
      // No gateway has one yet, so a real answer is given another name.
      await page.route('**/graphql', async (route) => {
        const response = await route.fetch();
        await route.fulfill({
          response,
          body: (await response.text()).replace('"ValidationError"', '"Postponed"'),
        });
      });
      await press(page, 'Create customer');
      expect(await outcome(page, 'The input is not valid.')).toContain('“Postponed”');
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
      /** One of the page's own operations, and what the page's browser says of where it comes from. */
      const documentIds = async () => {
        const file = 'examples/frontend/generated/persisted-documents.json';
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
        ['nobody knows where', 403, { origin: undefined }],
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

      test('does not start without a gateway, and says what to do', async () => {
        const empty = await temporaryFolder();
        const start = (variables: Record<string, string>) =>
          run(process.execPath, ['examples/frontend/bff/main.ts'], { PORT: '0', ...variables });
        const gone = 'http://127.0.0.1:9/graphql';
        await writeFile(
          resolve(empty.path, 'demo.json'),
          JSON.stringify({ url: gone, clientId: 'a', clientSecret: 'b', token: 'c' }),
        );
        for (const [dataDir, message] of [
          [resolve(empty.path, 'none'), 'Start the gateway first, with `npm start`'],
          [empty.path, `No gateway answers at ${gone}`],
        ] as const) {
          const { code, stderr } = await start({ DATA_DIR: dataDir });
          expect(code).toBe(1);
          expect(stderr).toContain(message);
        }
        const { code, stderr } = await start({ GATEWAY_URL: gone, PORT: 'x' });
        expect(code).toBe(1);
        for (const name of ['PORT', 'GATEWAY_CLIENT_ID', 'GATEWAY_CLIENT_SECRET', 'GATEWAY_TOKEN']) {
          expect(stderr).toContain(name);
        }
        await empty.remove();
      });
    });

    test('is served from its source while one develops', async () => {
      const source = await startFrontendExample(['--prefix', 'examples/frontend', 'run', 'dev'], {
        DATA_DIR: world.folder,
      });
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

    test('says that the gateway does not take its credentials', async () => {
      const { clientId, clientSecret } = world.gateway.client.credentials;
      const stranger = await startFrontendExample(['--prefix', 'examples/frontend', 'start'], {
        GATEWAY_URL: world.gateway.url,
        GATEWAY_CLIENT_ID: clientId,
        GATEWAY_CLIENT_SECRET: clientSecret,
        GATEWAY_TOKEN: 'cgt_nobody-gave-this',
      });
      try {
        const { page } = await visit(browser, stranger.url);
        await press(page, 'Create customer');
        const title = 'The gateway does not take this app’s credentials.';
        expect(await outcome(page, title)).toContain('UNAUTHENTICATED, TOKEN_INVALID, request ');
      } finally {
        await stranger.stop();
      }
    });

    test('does not compile with a contract that has an outcome more, until the page has a branch for it', async () => {
      const folder = await temporaryFolder();
      const copy = resolve(folder.path, 'examples/frontend');
      await mkdir(copy, { recursive: true });
      for (const name of ['codegen.ts', 'tsconfig.json', 'package.json', 'page']) {
        await cp(resolve('examples/frontend', name), resolve(copy, name), { recursive: true });
      }
      await symlink(resolve('examples/frontend/node_modules'), resolve(copy, 'node_modules'));
      await cp('tsconfig.json', resolve(folder.path, 'tsconfig.json'));
      await symlink(resolve('node_modules'), resolve(folder.path, 'node_modules'));
      const contract = await readFile('schema.graphql', 'utf8');
      const compile = async (schema: string) => {
        await writeFile(resolve(folder.path, 'schema.graphql'), schema);
        const script = 'cd "$1" && npm run generate && tsc --noEmit -p page';
        return run('sh', ['-c', script, 'sh', copy], { PATH: process.env['PATH'] ?? '' });
      };

      expect(await compile(contract)).toMatchObject({ code: 0 });
      const members = 'union CreateCustomerResult = Conflict | Created | RateLimited | ValidationError';
      expect(contract).toContain(members);
      const { code, stdout } = await compile(contract.replace(members, `${members} | NotFound`));
      expect(code).not.toBe(0);
      expect(stdout).toContain('page/outcomes/outcome.tsx');
      expect(stdout).toContain("is not assignable to type 'never'");
      await folder.remove();
    });
  });

  test(
    'counts down when the limit is used up, and sends then',
    async () => {
      const world = await startWorld({ RATE_LIMIT_MAX: '1', RATE_LIMIT_WINDOW_SECONDS: '5' });
      const example = await startFrontendExample(THE_COMMAND, { DATA_DIR: world.folder });
      try {
        const { page } = await visit(browser, example.url);
        const email = newEmail();
        await fill(page, { Name: 'A', Email: email });
        // Takes the one request that the window has, as soon as the page's own first one has left it.
        await eventually('another took the limit', async () => {
          const { json } = await create(world.gateway, 'Another', newEmail());
          return json.data.createCustomer.__typename === 'Created';
        });
        await press(page, 'Create customer');
        const notice = await outcome(page, 'Too many requests');
        expect(notice).toMatch(/You can send again in \d s\./);
        expect(await page.getByRole('button', { name: 'Create customer' }).isDisabled()).toBe(true);
        await page.getByText('You can send again now.').waitFor();
        await press(page, 'Create customer');
        await outcome(page, 'Customer created');
      } finally {
        await example.stop();
        await world.end();
      }
    },
    INSTALL_MS,
  );
});
