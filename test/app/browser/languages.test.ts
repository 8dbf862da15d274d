import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectQuiet, noBrowser, useBrowser } from '../../support/browser.ts';
import { findViolations } from '../../support/find-violations.ts';
import { useListPages } from '../../support/list-page.ts';
import { type SpawnedApp, spawnApp } from '../../support/spawned-app.ts';

if (noBrowser) test('the pages in French and Hindi', ({ skip }) => skip(noBrowser));
else {
  describe('the pages in French and Hindi', testPages);
  describe('the script in French and Hindi', testScript);
}

function testPages(): void {
  const openPage = useBrowser();
  let app: SpawnedApp;
  beforeAll(async () => {
    app = await spawnApp({ env: { RATE_LIMIT: '0', DEMO: 'true' } });
    const body = new URLSearchParams({ task: 'लंबी यात्रा की तैयारी' });
    for (const path of ['/add', '/complete-all', '/add']) {
      await fetch(app.url + path, { method: 'POST', body, redirect: 'manual' });
    }
  });
  afterAll(() => app?.[Symbol.asyncDispose]());

  test.each(
    ['fr', 'hi'].flatMap((locale) =>
      ['/', '/edit/1', '/demo', '/nix'].map((path) => ({ path, locale })),
    ),
  )('axe finds nothing in $path in $locale, and 320 px are wide enough', async (at) => {
    const viewport = { width: 320, height: 600 };
    const { page } = await openPage(app.url + at.path, {
      locale: at.locale,
      viewport,
      reducedMotion: 'reduce',
    });
    expect(await page.evaluate('document.documentElement.lang')).toBe(at.locale);
    expect(await findViolations(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
    await page.context().close();
  });

  test('the links at the end of a page change its language, and all later pages keep it', async () => {
    const { page } = await openPage(`${app.url}/?show=active`);
    await page.getByRole('link', { name: 'हिन्दी' }).click();
    await expect.poll(() => page.locator('h1').textContent()).toBe('टू-डू लिस्ट');
    expect(page.url()).toBe(`${app.url}/?show=active&lang=hi`);
    await page.locator('#filters a').first().click();
    await expect.poll(() => page.url()).toBe(`${app.url}/?lang=hi`);
    await page.getByRole('link', { name: 'Trace बनाएँ' }).click();
    await page.getByRole('button', { name: 'N+1 queries' }).click();
    await expect.poll(() => page.locator('h1').textContent()).toBe('N+1 queries');
    await page.getByRole('link', { name: 'Français' }).click();
    await expect.poll(() => page.locator('h1').textContent()).toBe('Démonstration');
    expect(page.url()).toBe(`${app.url}/demo?lang=fr`);
    await page.context().close();
  });
}

function testScript(): void {
  const pages = useListPages();

  test.each([
    ['fr', 'Tâche «\u00a0milk\u00a0» terminée. 0 tâche restante.', 'Modifier milk', 'Annuler'],
    ['hi', '“milk” पूरा हुआ। 0 काम बाक़ी।', 'milk बदलें', 'रद्द करें'],
  ])('it announces changes and names its controls in %s', async (locale, done, edit, cancel) => {
    await pages.add('milk');
    const list = await pages.open({ locale });
    await list.toggle('milk').click();
    await list.announces(done);
    await list.page.getByRole('link', { name: edit }).click();
    await list.hasFocusOn(edit);
    expect(await list.page.locator('.cancel').textContent()).toBe(cancel);
    await expectQuiet(list);
  });

  test('it works in English if the file of the language cannot be loaded', async () => {
    await pages.add('milk');
    const list = await pages.open({ locale: 'fr' });
    await list.page.route('**/texts/**', (route) => route.abort());
    await list.page.reload();
    await list.toggle('milk').click();
    await list.announces('“milk” completed. 0 tâche restante.');
  });
}
