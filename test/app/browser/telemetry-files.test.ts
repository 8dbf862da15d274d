import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createApp } from '../../../src/app.ts';
import {
  SCRIPT,
  SCRIPT_URL,
  TELEMETRY,
  TELEMETRY_URL,
} from '../../../src/http/layout/assets.generated.ts';
import { noBrowser } from '../../support/browser.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';
import { useTelemetryPages } from './telemetry-page.ts';

const app = createApp({ store: createMemoryTaskStore() });

test('the module with the tracer and web-vitals takes less than 6 kB compressed', () => {
  expect(TELEMETRY).toContain('with web-vitals');
  expect(gzipSync(TELEMETRY).byteLength).toBeLessThan(6_000);
});

test('the script refers to the module by its hash, and contains nothing of it', () => {
  expect(SCRIPT).toContain(TELEMETRY_URL);
  expect(SCRIPT).not.toContain('documentLoad');
});

test.each([SCRIPT_URL, TELEMETRY_URL])(
  '%s is compressed for clients that accept it',
  async (url) => {
    const ask = (encodings: string) =>
      app.request(url, { headers: { 'Accept-Encoding': encodings } });
    const plain = await app.request(url);
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(plain.headers.get('vary')).toBe('Accept-Encoding');
    expect(plain.headers.get('cache-control')).toContain('immutable');
    const body = await plain.text();
    for (const encodings of ['gzip', 'br, gzip;q=0.5, deflate']) {
      const compressed = await ask(encodings);
      expect(compressed.headers.get('content-encoding')).toBe('gzip');
      expect(compressed.headers.get('vary')).toBe('Accept-Encoding');
      expect(compressed.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
      expect(gunzipSync(await compressed.arrayBuffer()).toString()).toBe(body);
    }
    for (const encodings of ['', 'identity', 'br', 'gzip;q=0', 'gzip; q=0.0']) {
      expect((await ask(encodings)).headers.get('content-encoding')).toBeNull();
    }
  },
);

if (noBrowser) test('the size of pages in a browser', ({ skip }) => skip(noBrowser));
else {
  describe('the size of pages in a browser', testSize);
  describe('pages of an app whose telemetry is off', testOff);
}

function testSize(): void {
  const pages = useTelemetryPages();

  test('a page with 20 tasks and telemetry transfers less than 30 kB', async () => {
    for (let n = 1; n <= 20; n += 1) {
      const body = new URLSearchParams({ task: `Something to do, number ${n}` });
      await fetch(`${pages.url}/add`, { method: 'POST', body, redirect: 'manual' });
    }
    const { page, isTraced } = await pages.open();
    await isTraced();
    const sizes = await page.evaluate<number[]>(
      `[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .map(({ transferSize }) => transferSize)`,
    );
    expect(sizes.length).toBeGreaterThanOrEqual(5);
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(30_000);
  });
}

function testOff(): void {
  const pages = useTelemetryPages({ OTEL_SDK_DISABLED: 'true' });

  test('load no telemetry and show no trace', async () => {
    const opened = await pages.open();
    await opened.add();
    await opened.page.waitForLoadState('networkidle');
    expect(opened.requested).toContain('/add');
    expect(opened.requested).not.toContain('/telemetry.js');
    expect(await opened.page.locator('.trace, meta[name^=otlp]').count()).toBe(0);
  });
}
