import { Hono } from 'hono';
import { beforeEach, describe, expect, test } from 'vitest';
import { loadRuntime } from '../../../runtimes/index.ts';
import { createApp } from '../../../src/app.ts';
import { apiCors } from '../../../src/http/middleware/api-cors.ts';
import { csrf } from '../../../src/http/middleware/csrf.ts';
import { securityHeaders } from '../../../src/http/middleware/security-headers.ts';
import type { TaskStore } from '../../../src/tasks/task-store.ts';
import { noBrowser, useBrowser } from '../../support/browser.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';
import { type TestServer, useServers } from '../../support/use-servers.ts';

if (noBrowser) test('pages of other sites in a browser', ({ skip }) => skip(noBrowser));
else describe('pages of other sites in a browser', testInBrowser);

/** Returns a server's URL with another host name. */
function named(host: string, { port }: TestServer): string {
  return `http://${host}:${port}`;
}

/** The serializable arguments of `fetch()` on a page. */
interface Init {
  readonly method: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

const GET: Init = { method: 'GET' };
const POST: Init = { method: 'POST', body: 'task=milk' };
const PATCH: Init = {
  method: 'PATCH',
  headers: { 'Content-Type': 'application/json', 'If-Match': '"1"', traceparent: '00-1-1-01' },
  body: '{}',
};

function testInBrowser(): void {
  const openPage = useBrowser();
  const serve = useServers(loadRuntime);

  describe('another site with a form that adds a task', () => {
    let store: TaskStore;
    let app: TestServer;
    beforeEach(async () => {
      store = createMemoryTaskStore();
      app = await serve(createApp({ store }).fetch);
    });

    /** Returns the response to a form that a page of `from` sends to the app under the name `to`. */
    async function submit(from: string, to: string): Promise<number | undefined> {
      const form = `<form method="post" action="${to}/add"><input name="task" value="milk"></form>`;
      const site = await serve(
        () => new Response(form, { headers: { 'Content-Type': 'text/html' } }),
      );
      const { page } = await openPage(named(from, site));
      const answered = page.waitForResponse(`${to}/add`);
      await page.evaluate('void document.forms[0].submit()');
      return (await answered).status();
    }

    test.each(['evil.example', 'localhost'])('get 403 as %s', async (host) => {
      expect(await submit(host, app.url)).toBe(403);
      expect(await store.list()).toEqual([]);
    });

    // There Chromium sends no Sec-Fetch-Site.
    test('get 403 from an app on plain HTTP outside of localhost; its own page does not', async () => {
      const own = named('todo.example', app);
      expect(await submit('evil.example', own)).toBe(403);
      expect(await store.list()).toEqual([]);

      const { page } = await openPage(own);
      await page.fill('input[name=task]', 'milk');
      await page.press('input[name=task]', 'Enter');
      await page.getByText('milk', { exact: true }).waitFor();
      expect(await store.list()).toHaveLength(1);
    });
  });

  describe('another site with a script that fetches the API', () => {
    let changes = 0;
    let url: string;
    let allowed: string;
    let other: string;
    beforeEach(async () => {
      const site = await serve(
        () => new Response('<!doctype html>', { headers: { 'Content-Type': 'text/html' } }),
      );
      allowed = named('a.example', site);
      other = named('b.example', site);
      changes = 0;
      const api = new Hono()
        .use(securityHeaders())
        .use('/api/*', apiCors([allowed]))
        .on(['PATCH', 'POST'], '*', csrf([allowed]))
        .on(['GET', 'PATCH', 'POST'], '*', (c) => {
          if (c.req.method !== 'GET') changes += 1;
          return c.json({ title: 'milk' }, 200, { ETag: '"2"' });
        });
      ({ url } = await serve(api.fetch));
    });

    /** Returns the part of the response that a page of `from` can read; `TypeError` if none. */
    async function fetchFrom(from: string, path: string, init: Init): Promise<unknown> {
      const { page } = await openPage(from);
      return page.evaluate(
        async ([target, options]) => {
          try {
            const answer = await fetch(target, options);
            return [answer.status, answer.headers.get('ETag'), await answer.json()];
          } catch (error) {
            return (error as Error).name;
          }
        },
        [url + path, init] as const,
      );
    }

    test('read and change the list from an allowed origin', async () => {
      const seen = [200, '"2"', { title: 'milk' }];
      expect(await fetchFrom(allowed, '/api/tasks', GET)).toEqual(seen);
      expect(await fetchFrom(allowed, '/api/tasks/1', PATCH)).toEqual(seen);
      expect(changes).toBe(1);
    });

    test.each([GET, POST, PATCH])(
      'get no answer from another, and change nothing: $method',
      async (init) => {
        expect(await fetchFrom(other, '/api/tasks/1', init)).toBe('TypeError');
        expect(changes).toBe(0);
      },
    );

    test('change nothing beside the API from an allowed origin', async () => {
      expect(await fetchFrom(allowed, '/add', POST)).toBe('TypeError');
      expect(changes).toBe(0);
    });
  });
}
