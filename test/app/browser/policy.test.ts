import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectQuiet, noBrowser, useBrowser } from '../../support/browser.ts';
import { type SpawnedApp, spawnApp } from '../../support/spawned-app.ts';

if (noBrowser) test('the policy of the pages in a browser', ({ skip }) => skip(noBrowser));
else describe('the policy of the pages in a browser', testInBrowser);

function testInBrowser(): void {
  const openPage = useBrowser();
  let app: SpawnedApp;
  beforeAll(async () => {
    app = await spawnApp();
  });
  afterAll(() => app[Symbol.asyncDispose]());

  test.each([true, false])(
    'refuses nothing that they need, with JavaScript: %j',
    async (enabled) => {
      const opened = await openPage(app.url, { javaScriptEnabled: enabled });
      expect(opened.status).toBe(200);
      expect(await opened.page.evaluate('getComputedStyle(document.body).margin')).not.toBe('8px');
      await expectQuiet(opened);
    },
  );

  test('blocks injected scripts', async () => {
    const opened = await openPage(app.url);
    await opened.page.evaluate(`{
      const script = document.createElement('script');
      script.textContent = 'document.title = "taken over"';
      document.body.append(script);
      const image = '<img alt="" src="/favicon.svg" onload="document.title = this.outerHTML">';
      document.body.insertAdjacentHTML('beforeend', image);
    }`);
    await opened.page.waitForLoadState('networkidle');
    expect(await opened.page.title()).toBe('To-Do List');
    expect(await opened.complaints()).toEqual([
      expect.stringContaining('Executing inline script violates'),
      expect.stringContaining('Executing inline event handler violates'),
    ]);
  });
}
