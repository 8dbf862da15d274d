import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noBrowser } from '../../support/browser.ts';
import { useTelemetryPages } from './telemetry-page.ts';

if (noBrowser) test('the limits of telemetry in a browser', ({ skip }) => skip(noBrowser));
else {
  describe('the telemetry of a page', testLimits);
  describe('pages that are not sampled', testUnsampled);
  describe('a Collector that pages send to', testCollector);
}

/** Runs with `traced`, the module's `fetch()`, and `sent`, the bodies of the beacons from then on. */
async function runInModule<T>(page: Page, code: string): Promise<T> {
  return (await page.evaluate(`(async () => {
    const sent = [];
    navigator.sendBeacon = (url, blob) => { sent.push(blob); return true; };
    const { startBrowserTelemetry } = await import('/telemetry.js');
    const traced = startBrowserTelemetry('/otlp/v1/traces');
    ${code}
  })()`)) as T;
}

const HIDE = `
  Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));`;

function testLimits(): void {
  const pages = useTelemetryPages({ OTEL_SDK_DISABLED: 'true' });

  test('is at most 100 spans and 64 kB', async () => {
    const { page } = await pages.open('/favicon.svg?v=1');
    const [few, many] = await runInModule<{ size: number; spans: unknown[] }[]>(
      page,
      `const batches = [];
      for (const url of ['/healthz', '/healthz/' + 'x'.repeat(1_000)]) {
        for (let n = 0; n < 150; n += 1) await (await traced(url)).text();
        await new Promise((resolve) => setTimeout(resolve, 100));
        dispatchEvent(new Event('pagehide'));
        const blob = sent.at(-1);
        const [{ scopeSpans }] = JSON.parse(await blob.text()).resourceSpans;
        batches.push({ size: blob.size, spans: scopeSpans[0].spans });
      }
      return batches;`,
    );
    expect(few?.spans).toHaveLength(100);
    expect(many?.spans.length).toBeLessThan(100);
    expect(many?.size).toBeGreaterThan(50_000);
    expect(many?.size).toBeLessThan(64_000);
  });

  test('is the first 20 errors of a page', async () => {
    const { page } = await pages.open('/favicon.svg');
    const count = await runInModule<number>(
      page,
      `const error = new Error('again');
      error.stack = 'Error: again\\n    at ' + location.origin + '/app.js:1:2';
      for (let n = 0; n < 50; n += 1) dispatchEvent(new ErrorEvent('error', { error }));
      dispatchEvent(new Event('pagehide'));
      return JSON.parse(await sent[0].text()).resourceSpans[0].scopeSpans[0].spans.length;`,
    );
    expect(count).toBe(20);
  });

  test('is in the trace of the request only where that is to the same site', async () => {
    const { page } = await pages.open('/favicon.svg');
    // What would go out, before the page's Content-Security-Policy holds it back.
    const [own, foreign] = await runInModule<(string | null)[]>(
      page,
      `const traceparents = [];
      window.fetch = async (url, { headers }) => {
        traceparents.push(new Headers(headers).get('traceparent'));
        return new Response();
      };
      await traced('/asked');
      await traced('http://localhost:' + location.port + '/asked');
      return traceparents;`,
    );
    expect(own).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-01$/);
    expect(foreign).toBeNull();
  });
}

function testUnsampled(): void {
  const pages = useTelemetryPages({ OTEL_TRACES_SAMPLER: 'always_off' });

  test('send nothing and make no other requests', async () => {
    const opened = await pages.open();
    await opened.isTraced();
    const asked = opened.page.waitForRequest(/\/add$/);
    await opened.add();
    expect((await asked).headers().traceparent).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-00$/);
    await opened.page.evaluate(`{${HIDE}}`);
    await opened.leave();
    await opened.page.goto(pages.url);
    expect(opened.batches).toEqual([]);
    expect(pages.sink.requests).toEqual([]);
  });

  test('show the trace of a failed action in the footer', async () => {
    const { page } = await pages.open();
    const id = '4bf92f3577b34da6a3ce929d0e0e4736';
    await page.route(/\/add$/, (route) =>
      route.fulfill({
        status: 500,
        headers: { 'Content-Type': 'text/html; charset=utf-8' },
        body: `<main><h1>No</h1><p class="trace">Trace <code>${id}</code> · 1.2 ms</p></main>`,
      }),
    );
    await page.fill('#task', 'bread');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.trace code').allTextContents()).toEqual([id]);
    expect(await page.locator('.trace button').count()).toBe(1);
  });
}

function testCollector(): void {
  const received: {
    target: string;
    method?: string;
    headers: IncomingHttpHeaders;
    body: string;
  }[] = [];
  const collector = createServer(async (request, response) => {
    const { method = '', headers } = request;
    received.push({ target: `${request.url}`, method, headers, body: await text(request) });
    // As a Collector whose `cors` allows the origin and the header, and no credentials.
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Allow-Headers', 'Content-Type');
    response.writeHead(method === 'OPTIONS' ? 204 : 200).end();
  });
  let endpoint: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  });
  const pages = useTelemetryPages({
    get BROWSER_OTLP_ENDPOINT() {
      return endpoint;
    },
  });
  afterAll(() => {
    collector.closeAllConnections();
    collector.close();
  });

  test('receives spans after a preflight, without credentials, also when the page is left', async () => {
    const opened = await pages.open();
    await opened.isTraced();
    await opened.add();
    await opened.leave();
    const bodies = () => received.filter(({ method }) => method === 'POST').map(({ body }) => body);
    await expect.poll(() => bodies().join(), { timeout: 10_000 }).toContain('documentLoad');
    expect(received[0]).toMatchObject({ method: 'OPTIONS', target: '/v1/traces' });
    expect(opened.complaints).toEqual([]);
    for (const { headers } of received) expect(headers.cookie).toBeUndefined();
    expect(bodies().join()).toContain('{"key":"service.name","value":{"stringValue":"todo-web"}}');
    expect(opened.batches).toEqual([]);
  });
}
