import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { useBrowser } from '../../support/browser.ts';
import { type OtlpSink, startOtlpSink } from '../../support/otlp-sink.ts';
import { type SpawnedApp, spawnApp } from '../../support/spawned-app.ts';

/** A page of an app whose spans, and those of its pages, go to a sink. */
export interface TelemetryPage {
  readonly page: Page;
  /** Paths that the page has asked for so far, in their order. */
  readonly requested: readonly string[];
  /** Bodies of the batches that the page has sent so far. */
  readonly batches: readonly string[];
  /** Errors of the page so far. */
  readonly complaints: readonly string[];
  /** Waits until the page is traced. */
  isTraced(): Promise<void>;
  /** Adds a task, and waits for it. */
  add(): Promise<void>;
  /** Leaves the page, which then sends what it has. */
  leave(): Promise<void>;
}

export interface TelemetryPages {
  readonly url: string;
  readonly sink: OtlpSink;
  /** @param prepare before the page is there */
  open(path?: string, prepare?: (page: Page) => Promise<unknown>): Promise<TelemetryPage>;
}

/** Lets the tests of a file open pages of an app. @param env of the app */
export function useTelemetryPages(env: Record<string, string> = {}): TelemetryPages {
  const openPage = useBrowser();
  const opened: Page[] = [];
  let sink: OtlpSink;
  let app: SpawnedApp;
  let count = 0;
  beforeAll(async () => {
    sink = await startOtlpSink();
    app = await spawnApp({
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
        OTEL_BSP_SCHEDULE_DELAY: '50',
        RATE_LIMIT: '0',
        ...env,
      },
    });
  });
  afterAll(async () => {
    await app?.[Symbol.asyncDispose]();
    await sink?.close();
  });
  afterEach(async () => {
    for (const page of opened.splice(0)) await page.context().close();
  });

  return {
    get url() {
      return app.url;
    },
    get sink() {
      return sink;
    },
    async open(path = '/', prepare) {
      const { page } = await openPage('about:blank');
      opened.push(page);
      const requested: string[] = [];
      const batches: string[] = [];
      const complaints: string[] = [];
      page.on('request', (request) => {
        const { pathname } = new URL(request.url());
        requested.push(pathname);
        if (pathname === '/otlp/v1/traces') batches.push(request.postData() ?? '');
      });
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(String(error)));
      await prepare?.(page);
      await page.goto(app.url + path);

      async function leave(): Promise<void> {
        await page.goto('about:blank');
      }
      return {
        page,
        requested,
        batches,
        complaints,
        leave,
        async isTraced() {
          const asked = `performance.getEntriesByType('resource').map(({ name }) => name)
            .find((name) => name.includes('/telemetry.js')) ?? ''`;
          await expect.poll(() => page.evaluate(asked), { timeout: 10_000 }).not.toBe('');
          // It has run before another importer gets it.
          await page.evaluate(`import(${asked})`);
        },
        async add() {
          count += 1;
          const title = `task number ${count}`;
          await page.fill('#task', title);
          await page.keyboard.press('Enter');
          await page.getByText(title, { exact: true }).waitFor();
        },
      };
    },
  };
}
