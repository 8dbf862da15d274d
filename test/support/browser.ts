import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { findChromium } from './find-chromium.ts';

const executable = findChromium();

/** Reason why this machine cannot run tests in a browser; undefined if it can. */
export const noBrowser =
  executable === undefined ? 'no Chromium: install it, or set CHROMIUM_PATH' : undefined;

/** A page with separate cookies and storage. */
export interface OpenedPage {
  readonly page: Page;
  /** The answer to the request for the page itself. */
  readonly status: number | undefined;
  /**
   * Problems so far: errors of the console and uncaught exceptions. The console also reports violations
   * of the Content-Security-Policy and responses with an error status.
   */
  complaints(): Promise<readonly string[]>;
}

/** `javaScriptEnabled`, `viewport`, `colorScheme`, `reducedMotion` and all else of Playwright's. */
export type OpenPage = (url: string, options?: BrowserContextOptions) => Promise<OpenedPage>;

/**
 * Lets the tests of a file open pages in Chromium. The names `*.example` are this machine there, as
 * other sites without a secure context.
 */
export function useBrowser(): OpenPage {
  let browser: Browser;
  beforeAll(async () => {
    if (executable === undefined) throw new Error(noBrowser);
    browser = await chromium.launch({
      executablePath: executable,
      args: ['--host-resolver-rules=MAP *.example 127.0.0.1'],
    });
  });
  afterAll(() => browser?.close());

  return async function openPage(url, options) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    const response = await page.goto(url);
    return {
      page,
      status: response?.status(),
      async complaints() {
        // Messages arrive in order: those of the page until now come before this answer.
        await page.evaluate('0');
        return [...complaints];
      },
    };
  };
}

/** Expects that a page has run without a complaint of the browser so far. */
export async function expectQuiet({ complaints }: OpenedPage): Promise<void> {
  expect(await complaints()).toEqual([]);
}
