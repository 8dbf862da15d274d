import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { STYLE } from '../../../src/http/layout/assets.generated.ts';
import { isUntracedPath } from '../../../src/http/paths.ts';
import { currentRuntime, root } from '../../support/app-command.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';
import { readRepositoryFile } from '../../support/repository-files.ts';

const app = createApp({ store: createMemoryTaskStore() });

async function filesOfPage(): Promise<string[]> {
  const html = await (await app.request('/')).text();
  return [...html.matchAll(/<(?:link|script) [^>]*(?:href|src)="([^"]+)"/g)].map(
    (match) => match[1] ?? '',
  );
}

test.each([
  ['/style.css', 'text/css; charset=utf-8', 'color-scheme:light dark'],
  ['/app.js', 'text/javascript; charset=utf-8', 'addEventListener'],
  ['/favicon.svg', 'image/svg+xml', '<svg'],
  ['/favicon.ico', 'image/svg+xml', '<svg'],
])('staticFiles() serves %s as %s', async (path, type, content) => {
  const response = await app.request(path);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(type);
  expect(response.headers.get('cache-control')).toMatch(/^(max-age=\d+|no-cache)$/);
  expect(await response.text()).toContain(content);
});

test('every file that a page references exists and is not traced', async () => {
  const files = await filesOfPage();
  expect(files).toHaveLength(3);
  for (const file of files) {
    expect((await app.request(file)).status).toBe(200);
    expect(isUntracedPath(file.replace(/\?.*/, ''))).toBe(true);
  }
});

test('style and script are cached forever under the URL with their hash, and under no other', async () => {
  const files = (await filesOfPage()).filter((file) => file.includes('?'));
  expect(files).toHaveLength(2);
  for (const file of files) {
    const cacheControl = async (path: string) =>
      (await app.request(path)).headers.get('cache-control');
    expect(await cacheControl(file)).toBe('max-age=31536000, immutable');
    expect(await cacheControl(file.replace(/v=.*/, 'v=0'))).toBe('no-cache');
  }
});

test('a page with 20 tasks and all its files takes less than 30 kB', async () => {
  const store = createMemoryTaskStore();
  for (let n = 1; n <= 20; n += 1) await store.add({ title: `Something to do, number ${n}` });
  const full = createApp({ store });
  const sizes = await Promise.all(
    ['/', ...(await filesOfPage())].map(async (path) => {
      return (await (await full.request(path)).arrayBuffer()).byteLength;
    }),
  );
  expect(sizes).toHaveLength(4);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(30_000);
});

test('the compressed style sheet takes less than 4 kB', () => {
  expect(gzipSync(STYLE).byteLength).toBeLessThan(4_000);
});

test('the generated assets equal the output of `npm run build:browser`', ({ skip }) => {
  skip(currentRuntime !== 'node', 'it is built by Node');
  const folder = mkdtempSync(join(tmpdir(), 'browser-'));
  const built = ['app.ts', 'viewer.ts'].map((name) => join(folder, name));
  execFileSync(execPath, ['build-browser.ts', ...built], { cwd: root });
  const [app, viewer] = built.map((file) => readFileSync(file, 'utf8'));
  rmSync(folder, { recursive: true });
  expect(app).toBe(readRepositoryFile('src/http/layout/assets.generated.ts'));
  const pages = 'packages/opentelemetry-viewer/src/pages';
  expect(viewer).toBe(readRepositoryFile(`${pages}/page/assets.generated.ts`));
});

test('isUntracedPath() keeps the pages and unknown paths traced', () => {
  for (const path of ['/', '/add', '/delete/1', '/edit/1', '/nix', '/healthz/x']) {
    expect(isUntracedPath(path)).toBe(false);
  }
});
