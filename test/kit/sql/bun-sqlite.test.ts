import { versions } from 'node:process';
import type { drizzle as createDrizzle } from 'drizzle-orm/bun-sqlite';
import { describe, expect, test } from 'vitest';
import { traceSqlite } from '../../../packages/hono-opentelemetry/src/sql/index.ts';
import {
  type DriverProgram,
  SECRET,
  testTracedDriver,
  underSpan,
} from '../../contracts/sql-driver.ts';
import { recordTelemetry } from '../../support/recorded-telemetry.ts';
import { useContext } from '../../support/use-context.ts';
import { drizzleSchema, drizzleSqlitePrograms } from './drizzle-programs.ts';
import { type SharedSqlite, sqlitePrograms } from './sqlite-programs.ts';

useContext();

type Client = Parameters<typeof createDrizzle>[0] & object;

/** The part of `Database` that is used here. Its types are those of Bun, which are not installed. */
interface BunDatabase extends SharedSqlite {
  query(sql: string): { values(...values: (string | number)[]): unknown[]; get(): unknown };
  run(sql: string, values?: (string | number)[]): unknown;
  transaction<T>(work: (id: number) => T): ((id: number) => T) & { immediate(id: number): T };
  close(): void;
}

const isBun = versions.bun !== undefined;
const module = 'bun:sqlite';
const { Database } = isBun ? await import(module) : {};
const { drizzle }: { drizzle: typeof createDrizzle } = isBun
  ? await import('drizzle-orm/bun-sqlite')
  : ({} as never);

const rows = (count: number) => ({ 'db.response.returned_rows': count });

const programs: DriverProgram<BunDatabase>[] = [
  ...sqlitePrograms('SQLITE_CONSTRAINT_PRIMARYKEY'),
  {
    name: 'query() and values()',
    run(database) {
      const statement = database.query('SELECT ? AS a, 2 AS b');
      return [statement.values(SECRET), statement === database.query('SELECT ? AS a, 2 AS b')];
    },
    spans: [['SELECT', rows(1)]],
  },
  {
    name: 'run() of the database',
    run: (database) => database.run('INSERT INTO notes VALUES (?, ?)', [1, SECRET]),
    spans: [['INSERT notes', { 'db.query.text': 'INSERT INTO notes VALUES (?, ?)' }]],
  },
  {
    name: 'transaction() and its variants',
    run(database) {
      const insert = database.transaction((id) => {
        database.run('INSERT INTO notes (id) VALUES (?)', [id]);
        if (id === 3) throw new Error('undone');
        return id;
      });
      const results = [insert(1), insert.immediate(2)];
      expect(() => insert(3)).toThrow('undone');
      return [results, database.query('SELECT count(*) AS n FROM notes').get()];
    },
    spans: [...Array(3).fill('INSERT notes'), 'SELECT notes'],
  },
  {
    name: 'a database that is closed',
    run(database) {
      database.close();
      return database.query('SELECT 1');
    },
    spans: ['SELECT'],
  },
  ...drizzleSqlitePrograms((database: BunDatabase) =>
    drizzle(database as unknown as Client, { schema: drizzleSchema }),
  ),
];

describe.skipIf(!isBun)(`bun:sqlite${isBun ? '' : ': only Bun has it'}`, () => {
  testTracedDriver<BunDatabase>({
    name: 'bun:sqlite',
    system: 'sqlite',
    open() {
      const database = new Database(':memory:');
      database.run('CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)');
      return database;
    },
    close: (database) => database.close(),
    trace: traceSqlite,
    programs,
  });

  describe('transaction()', () => {
    test('is a span with its statements below if asked to', () => {
      const telemetry = recordTelemetry();
      const database: BunDatabase = traceSqlite(new Database(':memory:') as BunDatabase, {
        ...telemetry,
        transactions: true,
      });
      const select = database.transaction((id) => database.query(`SELECT ${id}`).get());
      underSpan(() => [select(1), select.immediate(2)]);
      const spans = telemetry.spans();
      expect(spans.map(({ name }) => name)).toEqual([
        ...['SELECT', 'transaction', 'SELECT', 'transaction'],
      ]);
      expect(spans[0]?.parentSpanContext).toEqual(spans[1]?.spanContext());
      expect(spans[2]?.parentSpanContext).toEqual(spans[3]?.spanContext());
    });
  });
});
