import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** The tasks as the last of the SQLite migrations leaves them. */
export const tasks = sqliteTable('tasks', {
  id: integer().primaryKey({ autoIncrement: true }),
  title: text().notNull(),
  completed: integer({ mode: 'boolean' }).notNull(),
  createdAt: integer('created_at', { mode: 'timestamp_ms' }).notNull(),
});
