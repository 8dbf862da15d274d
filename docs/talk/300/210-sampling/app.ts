import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { serve } from '@hono/node-server';
import { metrics } from '@opentelemetry/api';
import { logs, SeverityNumber } from '@opentelemetry/api-logs';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { traceHttp } from 'hono-opentelemetry';
import { traceSqlite } from 'hono-opentelemetry/sql';
import { startTelemetry } from 'opentelemetry-instrument';
import { parseBatch } from 'opentelemetry-instrument/intake';

const telemetry = await startTelemetry({
  resource: { 'service.name': 'todo' },
  browser: { resource: { 'service.name': 'todo-web' }, scope: { name: 'page', version: '1' } },
});
const logger = logs.getLogger('todo');
const addedTasks = metrics.getMeter('todo').createCounter('todo.tasks.added', { unit: '{task}' });

const database = traceSqlite(new DatabaseSync(':memory:'));
database.exec('CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT NOT NULL)');
database.exec("INSERT INTO tasks (title) VALUES ('milk')");
const selectTasks = database.prepare('SELECT id, title FROM tasks');
const selectTask = database.prepare('SELECT id, title FROM tasks WHERE id = ?');
const insertTask = database.prepare('INSERT INTO tasks (title) VALUES (?) RETURNING id, title');

const page = readFileSync(new URL('page.html', import.meta.url), 'utf8');

const app = new Hono();
app.use(traceHttp({ exclude: ['/otlp/v1/traces'] })); // before other middleware
app.get('/', (c) => c.html(page));
app.post('/otlp/v1/traces', bodyLimit({ maxSize: 64 * 1024 }), async (c) => {
  const batch = parseBatch(await c.req.json());
  if (batch === undefined) return c.text('This is not OTLP.', 400);
  telemetry.receiveSpans?.(batch.spans);
  return c.json({});
});
app.get('/tasks', (c) => c.json(selectTasks.all()));
app.get('/tasks/:id', (c) => {
  const task = selectTask.get(c.req.param('id'));
  if (task !== undefined) return c.json(task);
  logger.emit({ severityNumber: SeverityNumber.WARN, body: 'task not found' });
  return c.notFound();
});
app.post('/tasks', async (c) => {
  const { title } = await c.req.parseBody();
  addedTasks.add(1);
  return c.json(insertTask.get(String(title)), 201);
});

serve({ fetch: app.fetch, port: 3000 });
