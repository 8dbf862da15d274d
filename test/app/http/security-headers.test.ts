import { expect, test } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';

const REQUESTS: [string, RequestInit, number][] = [
  ['/', {}, 200],
  ['/', { method: 'HEAD' }, 200],
  ['/style.css', {}, 200],
  ['/favicon.svg', {}, 200],
  ['/healthz', {}, 200],
  ['/delete/1', { method: 'POST' }, 303],
  ['/delete/1', { method: 'POST', headers: { Origin: 'http://evil.example' } }, 403],
  ['/nix', {}, 404],
  ['/add', {}, 405],
  ['/add', { method: 'POST', body: 'x'.repeat(70_000) }, 413],
];

test.each(REQUESTS)('securityHeaders() covers %s %j, a %i', async (path, init, status) => {
  const response = await createApp({ store: createMemoryTaskStore() }).request(path, init);
  expect(response.status).toBe(status);

  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy.split('; ').toSorted()).toEqual([
    "base-uri 'none'",
    "connect-src 'self'",
    "default-src 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "img-src 'self'",
    "object-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
  ]);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(response.headers.get('referrer-policy')).toBe('same-origin');
  expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(response.headers.get('server')).toBeNull();
  expect(response.headers.get('x-powered-by')).toBeNull();
});

test('no page uses inline styles, scripts or foreign hosts', async () => {
  const app = createApp({ store: createMemoryTaskStore() });
  for (const path of ['/', '/nix']) {
    const html = await (await app.request(path)).text();
    expect(html).not.toMatch(/<style|<script(?! type="module" src="\/)|style=|\son\w+=|https?:/);
  }
});
