import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { loadRuntime } from '../../runtimes/index.ts';
import { expectQuiet, noBrowser, useBrowser } from '../support/browser.ts';
import { findViolations } from '../support/find-violations.ts';
import { useServers } from '../support/use-servers.ts';
import { makePageTrace, NOON, TRACE_ID } from './page-spans.ts';
import { createPagesApp, FAILED_TRACE_ID } from './pages-app.ts';

if (noBrowser) test("the viewer's pages in a browser", ({ skip }) => skip(noBrowser));
else describe("the viewer's pages in a browser", testPages);

const ROUTE_SPAN = 'c1'.padStart(16, '0');
const STATES = {
  'the list': '/',
  'a search without results': '/search?text=nothing',
  'a search with a problem': '/search?minDuration=fast',
  'a trace': `/trace/${FAILED_TRACE_ID}?span=${ROUTE_SPAN}&find=insert`,
  'the statistics of a trace': `/trace/${TRACE_ID}?show=statistics`,
  'a trace that has not arrived': `/trace/${'9'.repeat(32)}?waited=30`,
  'a comparison': `/compare?a=${TRACE_ID}&b=${FAILED_TRACE_ID}`,
  logs: '/logs',
  metrics: '/metrics',
  'the map': '/map',
  status: '/status',
  'opening a file': '/open',
};

function testPages(): void {
  const openPage = useBrowser();
  const serve = useServers(loadRuntime);

  async function start() {
    const { app, store } = createPagesApp();
    const { url } = await serve((request) => app.fetch(request));
    return { store, url };
  }

  test.each(Object.entries(STATES))(
    'axe finds nothing wrong with %s, light or dark, and it fits 320 pixels',
    async (_, path) => {
      const { url } = await start();
      const { page } = await openPage(url + path);
      expect(await findViolations(page), 'light').toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await findViolations(page), 'dark').toEqual([]);
      await page.setViewportSize({ width: 320, height: 640 });
      expect(await findViolations(page), 'narrow').toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
    },
  );

  test('a new request appears without a reload, unless the page is paused', async () => {
    const { store, url } = await start();
    const opened = await openPage(url);
    const { page } = opened;
    store.addSpans(makePageTrace('d'.repeat(32), NOON + 5_000));
    await page.waitForSelector(`#t${'d'.repeat(32)}`);
    await page.click('#pause');
    store.addSpans(makePageTrace('e'.repeat(32), NOON + 6_000));
    await page.waitForTimeout(900);
    expect(await page.locator(`#t${'e'.repeat(32)}`).count()).toBe(0);
    await page.click('#pause');
    await page.waitForSelector(`#t${'e'.repeat(32)}`);
    await expectQuiet(opened);
  });

  test('a page with a slow reload reloads rarely', async () => {
    const { store, url } = await start();
    const { page } = await openPage(url);
    const reloads: number[] = [];
    await page.route(url, async (route) => {
      reloads.push(Date.now());
      await new Promise((resolve) => setTimeout(resolve, 150));
      await route.continue();
    });
    const isShown = (digit: string) => page.waitForSelector(`#t${digit.repeat(32)}`);
    store.addSpans(makePageTrace('d'.repeat(32), NOON + 5_000));
    await isShown('d');
    store.addSpans(makePageTrace('e'.repeat(32), NOON + 6_000));
    await isShown('e');
    // The reload at the start may have shown the first trace already.
    store.addSpans(makePageTrace('f'.repeat(32), NOON + 7_000));
    await isShown('f');
    const [before = 0, last = 0] = reloads.slice(-2);
    expect(last - before).toBeGreaterThan(20 * 150);
  });

  test('placeholders, labels of charts and times of log records are not cut', async () => {
    const { url } = await start();
    const { page } = await openPage(url, { viewport: { width: 1_280, height: 800 } });
    const cut = await page.evaluate(`
      [...document.querySelectorAll('#search input[placeholder]')]
        .filter((input) => {
          input.value = input.placeholder;
          return input.scrollWidth > input.clientWidth;
        })
        .map(({ name }) => name)
    `);
    expect(cut).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(`${url}/metrics`);
    const lefts = (await page.evaluate(`
      [...document.querySelectorAll('.chart text')].map((text) => text.getBBox().x)
    `)) as number[];
    expect(lefts.length).toBeGreaterThan(6);
    expect(Math.min(...lefts)).toBeGreaterThanOrEqual(0);
    await page.goto(`${url}/logs`);
    const lines = (await page.evaluate(`
      [...document.querySelectorAll('.logs time')].map((time) => time.getClientRects().length)
    `)) as number[];
    expect(lines.length).toBeGreaterThan(0);
    expect(Math.max(...lines)).toBeLessThanOrEqual(2);
  });

  test('a hidden page is not connected, and catches up when it is shown', async () => {
    const { store, url } = await start();
    const { page } = await openPage(url);
    const setHidden = (isHidden: boolean) =>
      page.evaluate(`
        Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      `);
    await setHidden(true);
    store.addSpans(makePageTrace('d'.repeat(32), NOON + 5_000));
    await page.waitForTimeout(900);
    expect(await page.locator(`#t${'d'.repeat(32)}`).count()).toBe(0);
    const connected = page.waitForRequest('**/events');
    await setHidden(false);
    await connected;
    await page.waitForSelector(`#t${'d'.repeat(32)}`);
  });

  test('the keyboard searches, moves, opens, folds and goes back', async () => {
    const { url } = await start();
    const opened = await openPage(url);
    const { page } = opened;
    await page.keyboard.press('/');
    expect(await page.evaluate('document.activeElement.name')).toBe('text');
    expect(await page.evaluate('document.activeElement.ariaKeyShortcuts')).toBe('/');
    await page.keyboard.type('disk');
    await page.keyboard.press('Enter');
    await page.waitForURL(/text=disk/);
    await page.goto(`${url}/search?status=error`);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/trace/${FAILED_TRACE_ID}`);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#detail');
    expect(page.url()).toContain(`span=${'a1'.padStart(16, '0')}`);
    await page.keyboard.press('Escape');
    expect(await page.locator('#detail').count()).toBe(0);
    await page.keyboard.press('x');
    expect(await visibleRows(page)).toBe(1);
    await page.keyboard.press('x');
    expect(await visibleRows(page)).toBe(5);
    await page.keyboard.press('Escape');
    await page.waitForURL(/status=error/);
    await expectQuiet(opened);
  });

  test('a detail opened in place has the address that shows it again', async () => {
    const { url } = await start();
    const opened = await openPage(`${url}/trace/${TRACE_ID}`);
    const { page } = opened;
    await page.getByText('select tasks').click();
    await page.waitForSelector('#detail');
    await page.reload();
    expect(await page.locator('#detail').textContent()).toContain('Statement');
    await expectQuiet(opened);
  });

  test('each copy button is beside what it copies', async () => {
    const { url } = await start();
    const { page } = await openPage(`${url}/trace/${FAILED_TRACE_ID}?span=${ROUTE_SPAN}`);
    await page.waitForSelector('#detail .copy-button');
    const distances = (await page.evaluate(`
      [...document.querySelectorAll('.copy')].map((element) => {
        const place = element.closest('tr') ?? element;
        const next = element.nextElementSibling;
        const button = next.matches('button') ? next : next.querySelector('.copy-button');
        const [a, b] = [place, button].map((each) => each.getBoundingClientRect());
        return Math.max(b.top - a.bottom, a.top - b.bottom);
      })
    `)) as number[];
    expect(distances.length).toBeGreaterThan(5);
    expect(Math.max(...distances)).toBeLessThan(8);
  });

  test('dragging over the plot selects its traces', async () => {
    const { url } = await start();
    const opened = await openPage(url);
    const { page } = opened;
    const box = await page.locator('#scatter').boundingBox();
    if (!box) throw new Error('There is no plot.');
    await page.mouse.move(box.x + box.width * 0.4, box.y + 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width - 2, box.y + box.height - 2, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/start=\d+/);
    expect(await page.locator('#total').textContent()).toMatch(/^1\d of 20 traces match/);
    await expectQuiet(opened);
  });

  test('a link to a trace that is on its way shows it when it arrives, without script', async () => {
    const { store, url } = await start();
    const opened = await openPage(`${url}/trace/${'d'.repeat(32)}`, { javaScriptEnabled: false });
    expect(opened.status).toBe(404);
    store.addSpans(makePageTrace('d'.repeat(32)));
    await opened.page.waitForURL(`**/trace/${'d'.repeat(32)}`);
    await opened.page.getByText('insert tasks').waitFor();
  });

  test('search, folding, details and the next error work without script', async () => {
    const { url } = await start();
    const opened = await openPage(url, { javaScriptEnabled: false });
    const { page } = opened;
    await page.fill('input[name="tags"]', 'http.response.status_code=500');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: 'POST /add', exact: true }).click();
    await page.getByRole('link', { name: 'Next error' }).click();
    expect(await page.locator('#detail').textContent()).toContain('store.ts:12:3');
    await page.getByRole('link', { name: 'Fold POST /add' }).last().click();
    expect(await visibleRows(page)).toBe(3);
    await page
      .getByRole('link', { name: 'filter by this' })
      .or(page.getByLabel('Filter by url.path'))
      .first()
      .click();
    expect(page.url()).toContain('/search?tags=');
    await expectQuiet(opened);
  });

  test('a page prints without navigation and forms', async () => {
    const { url } = await start();
    const { page } = await openPage(`${url}/trace/${TRACE_ID}`);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.top').isVisible()).toBe(false);
    expect(await page.locator('.copy-button').first().isVisible()).toBe(false);
    expect(await page.locator('.waterfall').isVisible()).toBe(true);
  });
}

function visibleRows(page: Page): Promise<number> {
  return page.locator('#waterfall .row:not([hidden], .log)').count();
}
