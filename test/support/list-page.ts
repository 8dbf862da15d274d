import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { type OpenedPage, useBrowser } from './browser.ts';
import { type SpawnedApp, spawnApp } from './spawned-app.ts';

/** The page of the list in a browser, and what a person sees of it. */
export interface ListPage extends OpenedPage {
  readonly page: Page;
  row(title: string): Locator;
  toggle(title: string): Locator;
  edit(title: string): Locator;
  delete(title: string): Locator;
  filter(name: 'All' | 'Active' | 'Completed'): Locator;
  /** Waits until the list shows these titles. */
  shows(...titles: string[]): Promise<void>;
  /** Waits until the focus is on what has this label, or this text. */
  hasFocusOn(name: string): Promise<void>;
  /** Waits until screen readers announce this text. */
  announces(text: string): Promise<void>;
}

export interface ListPages {
  readonly url: string;
  open(options?: BrowserContextOptions & { path?: string }): Promise<ListPage>;
  /** Adds tasks as another person does. A title in round brackets is that of a completed one. */
  add(...titles: string[]): Promise<void>;
  post(path: string, fields?: Record<string, string>): Promise<void>;
}

/** Lets the tests of a file open the list, which is empty before each, in a browser. */
export function useListPages(): ListPages {
  const openPage = useBrowser();
  let app: SpawnedApp;
  beforeAll(async () => {
    app = await spawnApp({ env: { RATE_LIMIT: '0', OTEL_SDK_DISABLED: 'true' } });
  });
  afterAll(() => app?.[Symbol.asyncDispose]());
  const opened: OpenedPage[] = [];
  afterEach(async () => {
    // Unused pages slow down the others.
    for (const { page } of opened.splice(0)) await page.context().close();
  });
  beforeEach(async () => {
    await post('/complete-all');
    await post('/delete-completed');
  });

  async function post(path: string, fields: Record<string, string> = {}): Promise<void> {
    const body = new URLSearchParams(fields);
    const response = await fetch(app.url + path, { method: 'POST', body, redirect: 'manual' });
    if (response.status !== 303) throw new Error(`${path} answered ${response.status}`);
  }

  return {
    get url() {
      return app.url;
    },
    async open({ path = '/', ...options } = {}) {
      const page = await openPage(app.url + path, options);
      opened.push(page);
      return describePage(page);
    },
    post,
    async add(...titles) {
      for (const title of titles) {
        await post('/add', { task: title.replace(/^\((.*)\)$/, '$1') });
        if (title.startsWith('(')) await post('/complete-all');
      }
    },
  };
}

function poll<T>(read: () => Promise<T>) {
  return expect.poll(read, { interval: 10 });
}

function describePage(opened: OpenedPage): ListPage {
  const { page } = opened;
  const row = (title: string) => page.locator('li').filter({ hasText: title });
  return {
    ...opened,
    row,
    toggle: (title) => row(title).getByRole('checkbox'),
    edit: (title) => page.getByRole('link', { name: `Edit ${title}` }),
    delete: (title) => page.getByRole('button', { name: `Delete ${title}` }),
    filter: (name) => page.getByRole('link', { name }),
    async shows(...titles) {
      await poll(() => page.locator('li:visible > span').allTextContents()).toEqual(titles);
    },
    async hasFocusOn(name) {
      const focused = 'document.activeElement.ariaLabel ?? document.activeElement.innerText';
      const labelled = `document.activeElement.labels?.[0]?.innerText ?? ${focused}`;
      await poll(() => page.evaluate(labelled)).toBe(name);
    },
    async announces(text) {
      await poll(() => page.getByRole('status').textContent()).toBe(text);
    },
  };
}
