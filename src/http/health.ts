import { Hono } from 'hono';
import type { TaskStore } from '../tasks/index.ts';

/** Serves the probes: `/healthz` responds if the process runs, `/readyz` if storage responds, or else 503. */
export function health(store: Pick<TaskStore, 'ping'>): Hono {
  const app = new Hono();

  app.get('/healthz', (c) => c.text('ok\n'));

  app.get('/readyz', async (c) => {
    try {
      await store.ping();
    } catch {
      return c.text('storage does not respond\n', 503);
    }
    return c.text('ok\n');
  });

  return app;
}
