import { describe, expect, test } from 'vitest';
import { noBrowser, useBrowser } from './browser.ts';
import { findViolations } from './find-violations.ts';

if (noBrowser) test('findViolations()', ({ skip }) => skip(noBrowser));
else describe('findViolations()', testInBrowser);

function testInBrowser(): void {
  const openPage = useBrowser();

  test('names the rule and the element', async () => {
    const head = '<!doctype html><html lang="en"><title>A page</title>';
    const { page } = await openPage(`data:text/html,${head}<main><h1>A page</h1><input></main>`);
    expect(await findViolations(page)).toEqual(['label: input']);
    await page.setContent(`${head}<main><h1>A page</h1></main>`);
    expect(await findViolations(page)).toEqual([]);
  });
}
