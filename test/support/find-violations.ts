import axe from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * Returns the violations that axe finds in the page, one line per element: `color-contrast: h1`.
 * Rules that axe cannot decide by itself are not among them. The page must have been opened with
 * JavaScript, since axe waits for timers; without the page's own script: `page.route()` aborts it.
 */
export async function findViolations(page: Page, options: axe.RunOptions = {}): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = (await page.evaluate(
    `axe.run(${JSON.stringify(options)})`,
  )) as axe.AxeResults;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target }) => `${id}: ${target.join(' ')}`),
  );
}
