import axe from 'axe-core';
import { type Page } from 'playwright-core';

/**
 * What axe finds that keeps people from using the page as it is now: its rules, each with the elements that break it.
 *
 * @param within - selectors of the parts to look at.
 */
export async function accessibilityProblems(page: Page, within = ['html']): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>(`axe.run(${JSON.stringify(within)})`);
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`);
}
