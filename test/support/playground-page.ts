import { type BrowserContext, type Page, type Request, type Response } from 'playwright-core';
import { type DemoGateway } from './demo-gateway.js';

/** The playground in a tab of its own. */
export interface PlaygroundPage {
  readonly page: Page;
  /** Errors of scripts, and what the page's own policy blocked. */
  readonly complaints: readonly string[];
  /** GraphQL requests that the page sent. */
  readonly requests: readonly Request[];
  /** Origins that the page requested anything from. */
  readonly origins: ReadonlySet<string>;
  /** Presses the run button. */
  run(): Promise<void>;
  /** Chooses an example by its title, and waits until its tab is ready to run. */
  choose(title: string): Promise<void>;
  /** Replaces the operation in the editor. */
  write(document: string): Promise<void>;
  /** Opens the credentials and what was signed. */
  openSigning(): Promise<void>;
  /** The status bar of the response, by name. Waits for the response. */
  facts(): Promise<Record<string, string | undefined>>;
  /** The outcomes as the page explains them. Waits for the response. */
  outcomes(): Promise<string[]>;
  close(): Promise<void>;
}

/** Opens the playground and waits for the first example; with the demo's credentials, for the schema too. */
export async function openPlayground(
  context: BrowserContext,
  gateway: DemoGateway,
  { withDemo = true }: { readonly withDemo?: boolean } = {},
): Promise<PlaygroundPage> {
  const complaints: string[] = [];
  const requests: Request[] = [];
  const origins = new Set<string>();
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('request', (request) => {
    origins.add(new URL(request.url()).origin);
    if (request.method() === 'POST') requests.push(request);
  });
  if (!withDemo) {
    const settings = { path: '/graphql', demo: null };
    await page.route('**/settings.json', (route) => route.fulfill({ json: settings }));
  }
  const schema = (response: Response) =>
    Boolean(response.request().postData()?.includes('IntrospectionQuery'));
  await Promise.all([
    page.goto(new URL('/', gateway.url).href),
    withDemo ? page.waitForResponse(schema) : undefined,
  ]);
  await page.locator('.graphiql-query-editor', { hasText: 'mutation CreateCustomer(' }).waitFor();

  const bar = page.getByRole('region', { name: 'Response' });
  return {
    page,
    complaints,
    requests,
    origins,
    run: () => page.getByRole('button', { name: /^execute query/i }).click(),
    async choose(title) {
      const tabs = page.getByRole('tab');
      const before = await tabs.count();
      await page.getByRole('button', { name: 'Examples' }).click();
      await page
        .getByRole('menuitem')
        .filter({ has: page.getByText(title, { exact: true }) })
        .click();
      // The tab is named when GraphiQL has parsed the operation.
      await tabs
        .nth(before)
        .getByRole('button', { name: /^(?!<untitled>|My Operation)/ })
        .first()
        .waitFor();
      await page.locator('.run-hint').waitFor();
    },
    async write(document) {
      await page.locator('.graphiql-query-editor .view-lines').click();
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText(document);
    },
    async openSigning() {
      const toggle = page.locator('.signing-toggle');
      if ((await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click();
    },
    async facts() {
      await bar.waitFor();
      const names = await bar.locator('dt').allTextContents();
      const values = await bar.locator('dd').allTextContents();
      return Object.fromEntries(names.map((name, index) => [name, values[index]]));
    },
    async outcomes() {
      await bar.waitFor();
      return bar.getByRole('listitem').allTextContents();
    },
    close: () => page.close(),
  };
}
