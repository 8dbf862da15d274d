import { relations } from 'drizzle-orm';
import { type BaseSQLiteDatabase, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { expect } from 'vitest';
import { type DriverProgram, SECRET } from '../../contracts/sql-driver.ts';

/** The table `notes` for SQLite. */
export const sqliteNotes = sqliteTable('notes', { id: integer().primaryKey(), body: text() });

/** The schema of relational queries: each note is related to itself. */
export const drizzleSchema = {
  notes: sqliteNotes,
  notesRelations: relations(sqliteNotes, ({ one }) => ({
    self: one(sqliteNotes, { fields: [sqliteNotes.id], references: [sqliteNotes.id] }),
  })),
};

const row = { id: 1, body: SECRET };
const rows = (count: number) => ({ 'db.response.returned_rows': count });

/** Programs with Drizzle for synchronous drivers of SQLite. */
export function drizzleSqlitePrograms<Driver>(
  open: (driver: Driver) => BaseSQLiteDatabase<'sync', unknown, typeof drizzleSchema>,
): DriverProgram<Driver>[] {
  return [
    {
      name: 'Drizzle: insert, returning, select',
      run: async (driver) => [
        await open(driver).insert(sqliteNotes).values(row).returning(),
        open(driver).select().from(sqliteNotes).all(),
      ],
      spans: [
        ['insert notes', rows(1)],
        ['select notes', rows(1)],
      ],
    },
    {
      name: 'Drizzle: a relational query',
      async run(driver) {
        open(driver).insert(sqliteNotes).values(row).run();
        return await open(driver).query.notes.findMany({ with: { self: true } });
      },
      spans: ['insert notes', ['select select select notes', rows(1)]],
    },
    {
      name: 'Drizzle: a transaction that fails',
      run(driver) {
        const work = () =>
          open(driver).transaction((tx) => {
            tx.insert(sqliteNotes).values(row).run();
            tx.insert(sqliteNotes).values(row).run();
          });
        expect(work).toThrow();
        return open(driver).select().from(sqliteNotes).all();
      },
      spans: ['insert notes', 'insert notes', 'select notes'],
    },
  ];
}
