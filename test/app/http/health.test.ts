import { expect, test } from 'vitest';
import { createApp } from '../../../src/app.ts';
import { createMemoryTaskStore } from '../../support/memory-task-store.ts';

test('/healthz and /readyz answer 200 while storage does', async () => {
  const app = createApp({ store: createMemoryTaskStore() });
  for (const path of ['/healthz', '/readyz']) {
    const response = await app.request(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toBe('ok\n');
  }
});

test('/readyz answers 503 without the reason, /healthz 200, while storage is away', async () => {
  const ping = async () => {
    throw new Error('SECRET');
  };
  const app = createApp({ store: { ...createMemoryTaskStore(), ping } });
  const ready = await app.request('/readyz');
  expect(ready.status).toBe(503);
  expect(await ready.text()).not.toContain('SECRET');
  expect((await app.request('/healthz')).status).toBe(200);
});
