import { Hono } from 'hono';
import type { TaskStore } from '../tasks/task-store.ts';
import { answerMethodNotAllowed } from './errors/respond-with-failure.ts';

/** `/healthz`: the process answers. `/readyz`: storage answers, too; 503 otherwise. */
export function health(store: Pick<TaskStore, 'ping'>): Hono {
  const app = new Hono();

  app.get('/healthz', (c) => c.text('ok\n'));
  app.all('/healthz', answerMethodNotAllowed('GET, HEAD'));

  app.get('/readyz', async (c) => {
    try {
      await store.ping();
    } catch {
      return c.text('storage does not answer\n', 503);
    }
    return c.text('ok\n');
  });
  app.all('/readyz', answerMethodNotAllowed('GET, HEAD'));

  return app;
}
