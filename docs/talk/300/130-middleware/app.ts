import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { traceHttp } from 'hono-opentelemetry';
import { startTelemetry } from 'opentelemetry-instrument';

await startTelemetry({ resource: { 'service.name': 'todo' } });

const tasks = [{ id: 1, title: 'milk' }];

const app = new Hono();
app.use(traceHttp()); // before other middleware
app.get('/tasks', (c) => c.json(tasks));
app.get('/tasks/:id', (c) => {
  const task = tasks.find(({ id }) => id === Number(c.req.param('id')));
  return task === undefined ? c.notFound() : c.json(task);
});
app.post('/tasks', async (c) => {
  const { title } = await c.req.parseBody();
  const task = { id: tasks.length + 1, title: String(title) };
  tasks.push(task);
  return c.json(task, 201);
});

serve({ fetch: app.fetch, port: 3000 });
