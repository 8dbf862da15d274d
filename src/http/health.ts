import { Hono } from 'hono';
import type { TaskStore } from '../tasks/task-store.ts';
import { answerMethodNotAllowed } from './answer-failure.ts';

const NO_STORE = { 'Cache-Control': 'no-store' };

/** `/healthz`: the process answers. `/readyz`: storage answers, too; 503 otherwise. */
export function health(store: Pick<TaskStore, 'ping'>): Hono {
  const app = new Hono();

  app.get('/healthz', (c) => c.text('ok\n', 200, NO_STORE));
  app.all('/healthz', answerMethodNotAllowed('GET, HEAD'));

  app.get('/readyz', async (c) => {
    try {
      await store.ping();
    } catch {
      return c.text('storage does not answer\n', 503, NO_STORE);
    }
    return c.text('ok\n', 200, NO_STORE);
  });
  app.all('/readyz', answerMethodNotAllowed('GET, HEAD'));

  return app;
}
