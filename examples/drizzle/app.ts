// Drizzle on node:sqlite. Each statement is a span below the span of its request.

import process from 'node:process';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { serve } from '@hono/node-server';
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { drizzle } from 'drizzle-orm/sqlite-proxy';
import { Hono } from 'hono';
import { traceHttp, traceSql } from 'hono-opentelemetry';
import { startTelemetry } from 'opentelemetry-instrument';

await startTelemetry({ resource: { 'service.name': 'drizzle' } });

const database = new DatabaseSync(':memory:');
database.exec('CREATE TABLE tasks (id INTEGER PRIMARY KEY, title TEXT NOT NULL)');
database.exec("INSERT INTO tasks (title) VALUES ('milk')");
const client = traceSql({
  system: 'sqlite',
  async query(sql, params) {
    const statement = database.prepare(sql);
    statement.setReturnArrays(true);
    return statement.all(...(params as SQLInputValue[])) as unknown as unknown[][];
  },
});
const db = drizzle(async (sql, params, method) => {
  const rows = await client.query(sql, params);
  return { rows: method === 'get' ? (rows[0] ?? []) : rows };
});
const tasks = sqliteTable('tasks', { id: integer().primaryKey(), title: text().notNull() });

const app = new Hono();
app.use(traceHttp());
app.get('/tasks', async (c) => c.json(await db.select().from(tasks)));

const port = Number(process.env.PORT ?? 3000);
serve({ fetch: app.fetch, port }, (info) => {
  process.stdout.write(`Listening on http://localhost:${info.port}\n`);
});
