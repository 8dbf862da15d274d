// Drizzle on PostgreSQL. Each statement is a span below the span of its request.

import process from 'node:process';
import { serve } from '@hono/node-server';
import { drizzle } from 'drizzle-orm/node-postgres';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { Hono } from 'hono';
import { traceHttp } from 'hono-opentelemetry';
import { tracePg } from 'hono-opentelemetry/sql';
import { startTelemetry } from 'opentelemetry-instrument';
import pg from 'pg';

await startTelemetry({ resource: { 'service.name': 'drizzle-pg' } });

const db = drizzle(tracePg(new pg.Pool({ connectionString: process.env.DATABASE_URL })));
const tasks = pgTable('tasks', { id: integer().primaryKey(), title: text().notNull() });
await db.execute('CREATE TABLE IF NOT EXISTS tasks (id INTEGER PRIMARY KEY, title TEXT NOT NULL)');
await db.insert(tasks).values({ id: 1, title: 'milk' }).onConflictDoNothing();

const app = new Hono().use(traceHttp());
app.get('/tasks', async (c) => c.json(await db.select().from(tasks)));

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) }, ({ port }) => {
  process.stdout.write(`Listening on http://localhost:${port}\n`);
});
