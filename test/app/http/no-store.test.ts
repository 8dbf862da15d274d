import { expect, test } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';

test.each([
  ['GET', '/', 'no-store'],
  ['GET', '/nix', 'no-store'],
  ['GET', '/healthz', 'no-store'],
  ['POST', '/delete/1', 'no-store'],
  ['GET', '/style.css', 'no-cache'],
  ['HEAD', '/favicon.svg', 'max-age=86400'],
])('noStore() leaves %s %s with %s', async (method, path, expected) => {
  const response = await createApp({ store: createMemoryTaskStore() }).request(path, { method });
  expect(response.headers.get('cache-control')).toBe(expected);
});
