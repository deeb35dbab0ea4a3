import axe from 'axe-core';
import { type Page } from 'playwright-core';

/**
 * The accessibility problems that axe finds in the page as it is now: each rule with the elements that break it.
 *
 * @param within - selectors of the parts to check; the whole page by default.
 * @param rules - of axe; all by default.
 */
export async function accessibilityProblems(
  page: Page,
  within = ['html'],
  rules?: readonly string[],
): Promise<string[]> {
  if (await page.evaluate('globalThis.axe === undefined')) await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>(
    `axe.run(${JSON.stringify(within)}, ${JSON.stringify(rules ? { runOnly: rules } : {})})`,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`);
}
