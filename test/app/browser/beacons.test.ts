import { beforeEach, describe, expect, test } from 'vitest';
import type { BrowserSpan } from '../../../packages/opentelemetry-instrument/src/intake/browser-span.ts';
import { loadRuntime } from '../../../runtimes/index.ts';
import { createApp } from '../../../src/app.ts';
import { noBrowser, useBrowser } from '../../support/browser.ts';
import { browserBatch, browserSpan } from '../../support/browser-batch.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';
import { type TestServer, useServers } from '../../support/use-servers.ts';

if (noBrowser) test('beacons of a browser', ({ skip }) => skip(noBrowser));
else describe('navigator.sendBeacon() with spans', testInBrowser);

function testInBrowser(): void {
  const openPage = useBrowser();
  const serve = useServers(loadRuntime);

  let received: BrowserSpan[];
  let app: TestServer;
  beforeEach(async () => {
    received = [];
    const receiveSpans = (spans: readonly BrowserSpan[]) => void received.push(...spans);
    app = await serve(createApp({ store: createMemoryTaskStore(), receiveSpans }).fetch);
  });

  /** Sends a batch from a page of `from`. @returns the status, none where the browser sends nothing */
  async function send(from: string, to: string, type: string): Promise<number | undefined> {
    // A document without a script, which would send its own spans.
    const { page } = await openPage(`${from}/favicon.svg`);
    const url = `${to}/otlp/v1/traces`;
    const done = Promise.race([
      page.waitForEvent('requestfinished', (request) => request.url() === url),
      page.waitForEvent('requestfailed', (request) => request.url() === url),
    ]);
    const body = JSON.stringify(JSON.stringify(browserBatch(browserSpan())));
    await page.evaluate(`navigator.sendBeacon('${url}', new Blob([${body}], { type: '${type}' }))`);
    return (await (await done).response())?.status();
  }

  test('spans of the app’s own pages are accepted, also over plain HTTP on another host', async () => {
    for (const url of [app.url, `http://todo.example:${app.port}`]) {
      expect(await send(url, url, 'application/json')).toBe(200);
    }
    expect(received.map(({ name }) => name)).toEqual(['documentLoad', 'documentLoad']);
  });

  test('another content type gets 415', async () => {
    expect(await send(app.url, app.url, 'text/plain')).toBe(415);
  });

  test.each(['application/json', 'text/plain'])(
    'spans of another site’s page are refused as %s',
    async (type) => {
      const page = () => new Response('<p>', { headers: { 'Content-Type': 'text/html' } });
      const site = await serve(page);
      const from = `http://evil.example:${site.port}`;
      expect(await send(from, app.url, type)).not.toBe(200);
      expect(received).toEqual([]);
    },
  );
}
