import { serve } from '@hono/node-server';
import { trace } from '@opentelemetry/api';
import { Hono } from 'hono';
import { startTelemetry } from 'opentelemetry-instrument';

await startTelemetry({ resource: { 'service.name': 'todo' } });
const tracer = trace.getTracer('todo');

const tasks = [{ id: 1, title: 'milk' }];

const app = new Hono();
app.get('/tasks', (c) =>
  tracer.startActiveSpan('list tasks', (span) => {
    span.setAttribute('todo.task.count', tasks.length);
    span.end();
    return c.json(tasks);
  }),
);
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
