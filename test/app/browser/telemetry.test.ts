import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { noBrowser } from '../../support/browser.ts';
import { findViolations } from '../../support/find-violations.ts';
import type { OtlpSpan } from '../../support/otlp-records.ts';
import { useTelemetryPages } from './telemetry-page.ts';

if (noBrowser) test('the telemetry of pages in a browser', ({ skip }) => skip(noBrowser));
else describe('the telemetry of pages in a browser', testTelemetry);

/** In nanoseconds, by which the clocks of a browser and of a server on one machine may differ. */
const TOLERANCE = 20_000_000n;

function testTelemetry(): void {
  const pages = useTelemetryPages();
  let seen: number;
  beforeEach(() => {
    seen = pages.sink.spans.length;
  });

  /** Records that have arrived since the test began. */
  function spans(service: 'todo' | 'todo-web', name?: string): OtlpSpan[] {
    return pages.sink.spans
      .slice(seen)
      .filter((span) => span.resource['service.name'] === service)
      .filter((span) => name === undefined || span.name === name);
  }

  async function waitForSpan(service: 'todo' | 'todo-web', name: string): Promise<OtlpSpan> {
    await pages.sink.waitFor(() => spans(service, name).length > 0);
    return spans(service, name)[0] as OtlpSpan;
  }

  test('an action, its requests and their SQL statements are one trace, in order', async () => {
    const opened = await pages.open();
    await opened.isTraced();
    await opened.add();
    await opened.leave();

    const action = await waitForSpan('todo-web', 'POST /add');
    await pages.sink.waitFor(
      () => spans('todo').filter(({ parentSpanId }) => parentSpanId === action.spanId).length === 2,
    );
    const trace = pages.sink.spans.filter(({ traceId }) => traceId === action.traceId);
    const below = (parent: OtlpSpan) =>
      trace.filter(({ parentSpanId }) => parentSpanId === parent.spanId);
    expect(action).toMatchObject({
      parentSpanId: '',
      kind: 3,
      status: { code: 0 },
      traceState: '',
    });
    expect(action.attributes).toEqual({
      'http.request.method': 'POST',
      'url.full': `${pages.url}/add`,
      'url.template': '/add',
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(pages.url).port),
      'http.response.status_code': 200,
    });
    const requests = below(action).sort((a, b) => Number(a.startTime - b.startTime));
    expect(requests.map(({ name }) => name)).toEqual(['POST /add', 'GET /']);
    expect(requests.map(({ kind }) => kind)).toEqual([2, 2]);
    for (const request of requests) {
      expect(request.startTime).toBeGreaterThan(action.startTime - TOLERANCE);
      const statements = below(request);
      expect(statements.length).toBeGreaterThan(0);
      for (const { attributes, startTime, endTime } of statements) {
        expect(attributes['db.system.name']).toBe('sqlite');
        expect(startTime).toBeGreaterThanOrEqual(request.startTime);
        // Not so the request: a busy server learns late that its response was sent.
        expect(endTime).toBeLessThan(action.endTime + TOLERANCE);
      }
    }
  });

  test('an action on a task is named by the route, without the ID of the task', async () => {
    const opened = await pages.open();
    await opened.isTraced();
    await opened.add();
    await opened.page
      .getByRole('button', { name: /^Delete/ })
      .first()
      .click();
    await opened.page.getByRole('status').filter({ hasText: 'deleted' }).waitFor();
    await opened.leave();
    const { attributes } = await waitForSpan('todo-web', 'POST /delete/:id');
    expect(attributes['url.template']).toBe('/delete/:id');
    expect(attributes['url.full']).toMatch(/\/delete\/\d+$/);
  });

  test('an action whose response the user does not wait for ends when the page is left', async () => {
    const opened = await pages.open('/', (page) => page.route('**/add', () => {}));
    await opened.isTraced();
    await opened.page.fill('#task', 'milk');
    const sent = opened.page.waitForRequest('**/add');
    await opened.page.keyboard.press('Enter');
    await sent;
    await opened.leave();
    const { attributes, status } = await waitForSpan('todo-web', 'POST /add');
    expect(attributes).toMatchObject({ 'error.type': 'page_left', 'url.template': '/add' });
    expect(attributes).not.toHaveProperty('http.response.status_code');
    expect(status.code).toBe(2);
  });

  test('spans of cached resources end after they start', async () => {
    const opened = await pages.open('/', (page) =>
      page.addInitScript(`{
        const entriesOf = performance.getEntriesByType.bind(performance);
        performance.getEntriesByType = (type) =>
          entriesOf(type).map((entry) =>
            type === 'resource'
              ? { name: entry.name, startTime: 9, fetchStart: 9, responseEnd: 9 }
              : entry,
          );
      }`),
    );
    await opened.isTraced();
    await opened.leave();
    const { startTime, endTime } = await waitForSpan('todo-web', 'resourceFetch');
    expect(endTime - startTime).toBe(1_000n);
  });

  test('the load is below the request that delivered the page, and carries its vitals', async () => {
    const opened = await pages.open('/?show=active&note=typed');
    await opened.isTraced();
    await opened.page.locator('h1').click();
    await opened.page.evaluate('new Promise((resolve) => setTimeout(resolve, 200))');
    await opened.leave();

    const load = await waitForSpan('todo-web', 'documentLoad');
    const request = await waitForSpan('todo', 'GET /');
    expect(load.traceId).toBe(request.traceId);
    expect(load.parentSpanId).toBe(request.spanId);
    expect(load).toMatchObject({ kind: 1, status: { code: 0 } });
    expect(load.attributes).toEqual({
      'url.full': `${pages.url}/?show=active`,
      'user_agent.original': expect.stringContaining('Chrome'),
    });
    const vitals = load.events.filter(({ name }) => name === 'browser.web_vital');
    const vitalNames = vitals.map(({ attributes }) => attributes['browser.web_vital.name']);
    expect(vitalNames.sort()).toEqual(['cls', 'inp', 'lcp']);
    for (const { time, attributes } of vitals) {
      expect(attributes).toEqual({
        'browser.web_vital.name': expect.any(String),
        'browser.web_vital.value': expect.any(Number),
        'browser.web_vital.delta': attributes['browser.web_vital.value'],
        'browser.web_vital.id': expect.stringMatching(/^v\d/),
        'browser.web_vital.rating': expect.stringMatching(/^(good|needs-improvement|poor)$/),
        'browser.web_vital.navigation_type': 'navigate',
      });
      expect(time).toBe(load.events.find(({ name }) => name === 'loadEventEnd')?.time);
    }
    expect(load.events.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'fetchStart',
        'domInteractive',
        'loadEventEnd',
        'firstContentfulPaint',
      ]),
    );
    const [document] = spans('todo-web', 'documentFetch');
    const resources = spans('todo-web', 'resourceFetch');
    const urls = resources.map(({ attributes }) => `${attributes['url.full']}`).sort();
    expect(urls).toEqual([
      expect.stringMatching(/\/app\.js\?v=[\da-f]{8}$/),
      expect.stringContaining('/favicon.svg'),
      expect.stringMatching(/\/style\.css\?v=[\da-f]{8}$/),
    ]);
    for (const part of [load, document, ...resources]) {
      for (const { time } of part?.events ?? []) {
        expect(time).toBeGreaterThanOrEqual(part?.startTime ?? 0n);
        expect(time).toBeLessThanOrEqual(part?.endTime ?? 0n);
      }
    }
    for (const part of [document, ...resources]) {
      expect(part?.traceId).toBe(load.traceId);
      expect(part?.parentSpanId).toBe(load.spanId);
      expect(part?.startTime).toBeGreaterThanOrEqual(load.startTime);
      expect(part?.endTime).toBeLessThanOrEqual(load.endTime);
    }
    expect(document?.attributes).toEqual({ 'url.full': `${pages.url}/?show=active` });
    expect(document?.startTime).toBeLessThan(request.startTime + TOLERANCE);
    expect(document?.endTime).toBeGreaterThan(request.startTime - TOLERANCE);
  });

  test.each([
    ['200 ms after the load is part of it', 200, ['firstPaint']],
    ['a minute after it, in the background until then, is not', 60_000, []],
  ])('a first paint %s', async (_, delay, expected) => {
    const opened = await pages.open('/', (page) =>
      page.addInitScript(`{
        const entriesOf = performance.getEntriesByType.bind(performance);
        performance.getEntriesByType = (type) =>
          type === 'paint'
            ? [{ name: 'first-paint', startTime: entriesOf('navigation')[0].loadEventEnd + ${delay} }]
            : entriesOf(type);
      }`),
    );
    await opened.isTraced();
    await opened.leave();
    const { endTime, events } = await waitForSpan('todo-web', 'documentLoad');
    const names = events.map(({ name }) => name).filter((name) => name.startsWith('first'));
    expect(names).toEqual(expected);
    const times = events.map(({ time }) => Number(time));
    expect(Math.max(...times)).toBe(Number(endTime));
  });

  test.each([
    ['error', 'Element.prototype.closest'],
    ['unhandledrejection', 'Node.prototype.isEqualNode'],
  ])('an %s of the script arrives, without its message', async (name, broken) => {
    const opened = await pages.open();
    await opened.isTraced();
    await opened.page.evaluate(`${broken} = () => {
      throw new RangeError('secret\\n    at ${pages.url}/secret.js:1:2');
    }`);
    await opened.page.evaluate(`setTimeout(() => { throw new Error('of an extension') })`);
    await opened.page.fill('#task', 'bread');
    await opened.page.click('.add button');
    await expect.poll(() => opened.complaints.join(), { timeout: 10_000 }).toContain('RangeError');
    await opened.leave();

    const span = await waitForSpan('todo-web', name);
    expect(spans('todo-web', name)).toHaveLength(1);
    const load = await waitForSpan('todo-web', 'documentLoad');
    expect(span).toMatchObject({
      traceId: load.traceId,
      parentSpanId: load.spanId,
      kind: 1,
      attributes: { 'error.type': 'RangeError' },
      status: { code: 2, message: '' },
    });
    const attributes = span.events[0]?.attributes ?? {};
    expect(attributes['exception.type']).toBe('RangeError');
    expect(attributes['exception.stacktrace']).toMatch(
      /^RangeError(\n {4}at http:\/\/127\.0\.0\.1:\d+\/app\.js\?v=[\da-f]{8}:\d+:\d+)+$/,
    );
    expect(opened.batches.join()).not.toMatch(/secret|bread|extension/);
  });

  test('the page shows the trace of the last action, to be copied', async () => {
    const opened = await pages.open();
    const { page } = opened;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await opened.isTraced();
    const loaded = await page.locator('main .trace code').textContent();
    await page.getByRole('button', { name: 'Copy the trace ID' }).click();
    await page.getByText('Copied', { exact: true }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(loaded);

    await opened.add();
    await expect
      .poll(() => page.locator('main .trace code').textContent(), { timeout: 10_000 })
      .not.toBe(loaded);
    const shown = await page.locator('main .trace code').textContent();
    await page.getByText('Copy', { exact: true }).click();
    await page.getByText('Copied', { exact: true }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(shown);
    await opened.leave();
    expect((await waitForSpan('todo-web', 'POST /add')).traceId).toBe(shown);
  });

  test('the button that copies stays after the trace ID when the page changes', async () => {
    const { page } = await pages.open();
    await page.getByRole('button', { name: 'Copy the trace ID' }).waitFor();
    await page.locator('#task').fill(' ');
    await page.locator('#task').press('Enter');
    await page.getByText('Enter a task first.').first().waitFor();
    const before = "document.querySelector('.trace > button').previousSibling.nodeName";
    expect(await page.evaluate(before)).toBe('CODE');
    await page.context().close();
  });

  test('axe finds no violations in a page with a trace, and 320 px are wide enough', async () => {
    const { page, isTraced } = await pages.open();
    await isTraced();
    await page.getByRole('button', { name: 'Copy the trace ID' }).waitFor();
    await page.setViewportSize({ width: 320, height: 600 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      expect(await findViolations(page)).toEqual([]);
    }
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
  });

  test.each(['/edit/1', '/nowhere'])('%s is also recorded', async (path) => {
    const opened = await pages.open('/');
    await opened.add();
    await opened.page.goto(pages.url + path);
    await opened.isTraced();
    await opened.leave();
    const url = pages.url + path;
    await pages.sink.waitFor(() =>
      spans('todo-web', 'documentLoad').some(({ attributes }) => attributes['url.full'] === url),
    );
  });

  test.each([404, 500, 'abort'])('an action that fails with %j shows an error', async (failure) => {
    const opened = await pages.open();
    await opened.isTraced();
    await opened.page.route(/\/add$/, (route) =>
      failure === 'abort' ? route.abort() : route.fulfill({ status: Number(failure), body: '' }),
    );
    await opened.page.fill('#task', 'bread');
    await opened.page.keyboard.press('Enter');
    await opened.page.getByRole('alert').waitFor();
    await opened.leave();
    const span = await waitForSpan('todo-web', 'POST /add');
    const status = failure === 'abort' ? undefined : failure;
    expect(span.status.code).toBe(2);
    expect(span.attributes['error.type']).toBe(status ? `${status}` : 'TypeError');
    expect(span.attributes['http.response.status_code']).toBe(status);
  });

  test('spans are sent in batches, seconds apart', async () => {
    const opened = await pages.open();
    await opened.isTraced();
    for (let n = 0; n < 4; n += 1) await opened.add();
    expect(opened.batches).toEqual([]);
    await expect.poll(() => opened.batches.length, { timeout: 10_000 }).toBe(1);
    await pages.sink.waitFor(() => spans('todo-web', 'POST /add').length === 4);
    expect(new Set(spans('todo-web', 'POST /add').map(({ traceId }) => traceId)).size).toBe(4);
  });

  test.each([
    ['globalPrivacyControl', 'true'],
    ['doNotTrack', '"1"'],
  ])('nothing is loaded or sent where navigator.%s is %s', async (name, value) => {
    const opened = await pages.open('/', (page) =>
      page.addInitScript(
        `Object.defineProperty(navigator, '${name}', { value: ${value}, configurable: true })`,
      ),
    );
    await opened.add();
    await opened.page.waitForLoadState('networkidle');
    await opened.leave();
    expect(opened.requested).toContain('/add');
    expect(opened.requested.filter((path) => /telemetry|otlp/.test(path))).toEqual([]);
  });

  test.each([
    ['the intake', '**/otlp/v1/traces'],
    ['the module', '**/telemetry.js*'],
  ])('a page is as good where %s is blocked', async (_, blocked) => {
    const opened = await pages.open('/', (page) => page.route(blocked, (route) => route.abort()));
    await opened.page.waitForLoadState('networkidle');
    await opened.add();
    await hide(opened.page);
    await opened.add();
    // The browser's own message about a blocked request, and none of ours.
    const others = opened.complaints.filter((text) => !text.includes('net::ERR_FAILED'));
    expect(others).toEqual([]);
  });

  test('a page is as good where the tracer breaks', async () => {
    const opened = await pages.open();
    await opened.isTraced();
    await opened.page.evaluate(`{
      const fail = () => { throw new Error('broken'); };
      crypto.getRandomValues = performance.now = navigator.sendBeacon = fail;
    }`);
    await opened.add();
    expect(opened.complaints).toEqual([]);
  });
}

/** Hides the page, like a switch to another tab. */
async function hide(page: Page): Promise<void> {
  await page.evaluate(`{
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    delete document.visibilityState;
  }`);
}
