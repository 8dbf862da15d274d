import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** The table of tasks after the last migration. */
export const sqliteTasks = sqliteTable(
  'tasks',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    title: text().notNull(),
    completed: integer({ mode: 'boolean' }).notNull(),
    createdAt: integer('created_at', { mode: 'timestamp_ms' }).notNull(),
    order: integer('position').notNull(),
    version: integer().notNull(),
  },
  (table) => [
    index('tasks_by_position').on(table.order, table.id),
    index('tasks_by_completed').on(table.completed, table.order, table.id),
  ],
);
