import { expect, test } from 'vitest';
import { createApp } from '../../src/app.ts';
import { isUntracedPath } from '../../src/http/untraced-paths.ts';
import { createMemoryTaskStore } from '../support/memory-task-store.ts';

const app = createApp({ store: createMemoryTaskStore() });

test.each([
  ['/style.css', 'text/css; charset=utf-8', 'color-scheme: light dark'],
  ['/favicon.svg', 'image/svg+xml', '<svg'],
  ['/favicon.ico', 'image/svg+xml', '<svg'],
])('staticFiles() serves %s as %s', async (path, type, content) => {
  const response = await app.request(path);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(type);
  expect(response.headers.get('cache-control')).toMatch(/^max-age=\d+$/);
  expect(await response.text()).toContain(content);
});

test('every file that a page names exists and stays out of the telemetry', async () => {
  const html = await (await app.request('/')).text();
  const files = [...html.matchAll(/<link [^>]*href="([^"]+)"/g)].map((match) => match[1] ?? '');
  expect(files).toHaveLength(2);
  for (const file of files) {
    expect((await app.request(file)).status).toBe(200);
    expect(isUntracedPath(file)).toBe(true);
  }
});

test('isUntracedPath() keeps the pages and unknown paths traced', () => {
  for (const path of ['/', '/add', '/delete/1', '/nix', '/healthz/x']) {
    expect(isUntracedPath(path)).toBe(false);
  }
});
