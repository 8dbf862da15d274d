// Drizzle on libsql. Each statement is a span below the span of its request.

import process from 'node:process';
import { serve } from '@hono/node-server';
import { createClient } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { Hono } from 'hono';
import { traceHttp } from 'hono-opentelemetry';
import { traceLibsql } from 'hono-opentelemetry/sql';
import { startTelemetry } from 'opentelemetry-instrument';

await startTelemetry({ resource: { 'service.name': 'drizzle-libsql' } });

const db = drizzle(traceLibsql(createClient({ url: process.env.DATABASE_URL ?? 'file::memory:' })));
const tasks = sqliteTable('tasks', { id: integer().primaryKey(), title: text().notNull() });
await db.run('CREATE TABLE IF NOT EXISTS tasks (id INTEGER PRIMARY KEY, title TEXT NOT NULL)');
await db.insert(tasks).values({ id: 1, title: 'milk' }).onConflictDoNothing();

const app = new Hono().use(traceHttp());
app.get('/tasks', async (c) => c.json(await db.select().from(tasks)));

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) }, ({ port }) => {
  process.stdout.write(`Listening on http://localhost:${port}\n`);
});
