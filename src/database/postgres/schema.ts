import { bigint, boolean, customType, index, pgTable, text } from 'drizzle-orm/pg-core';

/** A time in milliseconds since 1970, as in SQLite: tasks can be copied from one engine to the other. */
const timestampMs = customType<{ data: Date; driverData: number }>({
  dataType: () => 'bigint',
  fromDriver: (millis) => new Date(millis),
});

/** The table of tasks after the last migration. */
export const postgresTasks = pgTable(
  'tasks',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedByDefaultAsIdentity(),
    title: text().notNull(),
    completed: boolean().notNull(),
    createdAt: timestampMs('created_at').notNull(),
    order: bigint('position', { mode: 'number' }).notNull(),
    version: bigint({ mode: 'number' }).notNull(),
  },
  (table) => [
    index('tasks_by_position').on(table.order, table.id),
    index('tasks_by_completed').on(table.completed, table.order, table.id),
  ],
);
