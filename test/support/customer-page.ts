import { type Browser, type Locator, type Page, type Response } from 'playwright-core';

/** A visit to the example's page, and all that its browser saw. */
export interface Visit {
  readonly page: Page;
  /** What the console has of errors, violations of the page's policy too. */
  readonly complaints: readonly string[];
  /** The bodies of the operations it sent. */
  readonly sent: readonly string[];
  /** Everything that came so far: heads and bodies. */
  readonly received: () => Promise<string>;
}

/** Opens the page in a context of its own and waits for the form. */
export async function visit(browser: Browser, url: string): Promise<Visit> {
  const page = await (await browser.newContext()).newPage();
  const complaints: string[] = [];
  const sent: string[] = [];
  const responses: Response[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    const body = request.postData();
    if (body !== null) sent.push(body);
  });
  page.on('response', (response) => responses.push(response));
  await page.goto(url);
  await page.getByRole('button', { name: 'Create customer' }).waitFor();
  const received = async () => {
    const parts = responses.map((response) => Promise.all([response.allHeaders(), response.text()]));
    return JSON.stringify(await Promise.all(parts));
  };
  return { page, complaints, sent, received };
}

/** Writes into fields, by their labels. */
export async function fill(within: Page | Locator, values: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(values)) {
    await within.getByLabel(label).first().fill(value);
  }
}

export const group = (page: Page, name: string): Locator => page.getByRole('group', { name });

/** Where the form is, and what came of it. */
export const creation = (page: Page): Locator => page.getByRole('region', { name: 'New customer' });

export async function press(within: Page | Locator, name: string): Promise<void> {
  await within.getByRole('button', { name }).click();
}

/** What came of the form, once it is there: the text of its notice. */
export async function outcome(page: Page, title: string): Promise<string> {
  const notice = creation(page).locator('.outcome').filter({ hasText: title });
  return notice.innerText();
}

/** What the page says is wrong with a field, tied to it as a screen reader wants it. */
export async function errorOf(field: Locator): Promise<string | null> {
  if ((await field.getAttribute('aria-invalid')) !== 'true') return null;
  const id = await field.getAttribute('aria-describedby');
  return field.page().locator(`[id="${id}"]`).textContent();
}
