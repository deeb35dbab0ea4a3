import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, type Locator, type Page } from 'playwright-core';
import { startBrowser } from '../support/browser.js';
import { migratedDatabase } from '../support/database.js';
import { type DemoGateway, startDemoGateway } from '../support/demo-gateway.js';
import { openPlayground, type PlaygroundPage } from '../support/playground-page.js';
import { temporaryFolder } from '../support/process.js';
import { describeWith } from '../support/programs.js';

/** File for the README's picture, if a new one is wanted: see CONTRIBUTING.md. */
const SCREENSHOT = process.env['SCREENSHOT'];

/** Widths and heights of the window. */
const SIZES: readonly [number, number][] = [
  [1440, 900],
  [1280, 800],
  [800, 600],
  [390, 844],
];

describeWith('chromium')('the layout of the playground', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let gateway: DemoGateway;
  let browser: Browser;
  let playground: PlaygroundPage;
  let page: Page;

  beforeAll(async () => {
    folder = await temporaryFolder();
    // The default rate limit, which the README's picture shows.
    const variables = { DATABASE_URL: await migratedDatabase(), RATE_LIMIT_MAX: '' };
    gateway = await startDemoGateway(folder.path, variables);
    browser = await startBrowser();
    playground = await openPlayground(await browser.newContext(), gateway);
    page = playground.page;
  });
  afterAll(async () => {
    await browser.close();
    await gateway.stop('SIGTERM');
    await folder.remove();
  });

  const resize = ([width, height]: (typeof SIZES)[number]) => page.setViewportSize({ width, height });
  const sizes = () =>
    page.evaluate<Record<'width' | 'height' | 'innerWidth' | 'innerHeight', number>>(`({
      width: document.documentElement.scrollWidth,
      height: document.documentElement.scrollHeight,
      innerWidth,
      innerHeight,
    })`);
  /** Whether an element is in the window as a whole, give or take a fraction of a pixel. */
  const isInWindow = async (element: Locator) => {
    const box = await element.boundingBox();
    const { innerWidth, innerHeight } = await sizes();
    if (!box) return false;
    return (
      box.x >= -1 &&
      box.y >= -1 &&
      box.x + box.width <= innerWidth + 1 &&
      box.y + box.height <= innerHeight + 1
    );
  };
  const runButton = () => page.getByRole('button', { name: /^execute query/i });
  const response = () => page.locator('.result-window');

  test.each(SIZES)('at %i x %i has in the first view all that a first request needs', async (...size) => {
    await resize(size);
    const firstView = {
      examples: page.getByRole('button', { name: 'Examples' }),
      signing: page.locator('.signing-toggle'),
      run: runButton(),
      copyAs: page.getByRole('button', { name: 'Copy as' }),
      firstLine: page.locator('.graphiql-query-editor .view-line', { hasText: 'mutation CreateCustomer(' }),
      hint: page.getByText(/^Press ▶/),
    };
    for (const [name, element] of Object.entries(firstView)) {
      expect([name, await isInWindow(element)]).toEqual([name, true]);
    }
  });

  test('is what the README shows, with the default rate limit', async () => {
    await resize([1280, 800]);
    await playground.run();
    expect((await playground.facts())['Rate limit left']).toMatch(/^\d+ of 100, /);
    await page.getByText('"Customer created."').waitFor();
    if (SCREENSHOT !== undefined) await page.screenshot({ path: SCREENSHOT });
    await playground.openSigning();
    await page.getByRole('button', { name: 'Documentation of Created' }).click();
  });

  describe('with a response, the documentation and the signing panel', () => {
    test.each(SIZES)('at %i x %i is not wider than the window, and shows the response', async (...size) => {
      await resize(size);
      const { width, innerWidth } = await sizes();
      expect(width).toBeLessThanOrEqual(innerWidth);
      await response().scrollIntoViewIfNeeded();
      const box = await response().boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThan(100);
      expect(await isInWindow(response())).toBe(true);
      await runButton().scrollIntoViewIfNeeded();
      expect(await isInWindow(runButton())).toBe(true);
    });

    test.each(SIZES.filter(([width]) => width >= 800))(
      'at %i x %i is not taller than the window, and the wheel never scrolls the page',
      async (...size) => {
        await resize(size);
        for (const part of [
          '.graphiql-sidebar',
          '.graphiql-plugin',
          '.graphiql-editors',
          '.result-window',
          'header',
        ]) {
          await page
            .locator(part)
            .first()
            .hover({ position: { x: 20, y: 20 }, force: true });
          for (let turn = 0; turn < 3; turn += 1) await page.mouse.wheel(0, 5_000);
        }
        const { height, innerHeight } = await sizes();
        expect(height).toBeLessThanOrEqual(innerHeight);
        expect(await page.evaluate('scrollY')).toBe(0);
      },
    );

    test('stacks the panes below 800 px', async () => {
      await resize([390, 844]);
      const editors = await page.locator('.graphiql-editors').boundingBox();
      const pane = await page.locator('.graphiql-response').boundingBox();
      expect(pane?.y).toBeGreaterThanOrEqual((editors?.y ?? 0) + (editors?.height ?? 0));
      for (const part of [editors, pane]) expect(part?.width).toBeGreaterThan(350);
    });

    test('has every example within a narrow window', async () => {
      await resize([390, 844]);
      await page.getByRole('button', { name: 'Examples' }).click();
      for (const example of await page.getByRole('menuitem').all()) {
        await example.scrollIntoViewIfNeeded();
        expect(await isInWindow(example)).toBe(true);
      }
      await page.keyboard.press('Escape');
    });
  });
});
