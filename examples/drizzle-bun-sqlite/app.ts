// Drizzle on bun:sqlite. Each statement is a span below the span of its request.

import { Database } from 'bun:sqlite';
import process from 'node:process';
import { drizzle } from 'drizzle-orm/bun-sqlite';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { Hono } from 'hono';
import { traceHttp } from 'hono-opentelemetry';
import { traceSqlite } from 'hono-opentelemetry/sql';
import { startTelemetry } from 'opentelemetry-instrument';

await startTelemetry({ resource: { 'service.name': 'drizzle-bun-sqlite' } });

const db = drizzle(traceSqlite(new Database(':memory:')));
const tasks = sqliteTable('tasks', { id: integer().primaryKey(), title: text().notNull() });
db.run('CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT NOT NULL)');
db.insert(tasks).values({ id: 1, title: 'milk' }).run();

const app = new Hono().use(traceHttp());
app.get('/tasks', (c) => c.json(db.select().from(tasks).all()));

const { url } = Bun.serve({ fetch: app.fetch, port: process.env.PORT ?? 3000 });
process.stdout.write(`Listening on ${url.origin}\n`);
