import { createRequire } from 'node:module';
import type { drizzle as createDrizzle } from 'drizzle-orm/better-sqlite3';
import { describe, expect, test } from 'vitest';
import { traceSqlite } from '../../../packages/hono-opentelemetry/src/sql/index.ts';
import { type DriverProgram, testTracedDriver, underSpan } from '../../contracts/sql-driver.ts';
import { recordTelemetry } from '../../support/recorded-telemetry.ts';
import { useContext } from '../../support/use-context.ts';
import { drizzleSchema, drizzleSqlitePrograms } from './drizzle-programs.ts';
import { type SharedSqlite, sqlitePrograms } from './sqlite-programs.ts';

useContext();

type Client = Parameters<typeof createDrizzle>[0] & object;
type Row = readonly unknown[];

/** The part of a database that is used here. The package has no types and is not a dependency. */
interface BetterSqlite extends SharedSqlite {
  readonly open: boolean;
  readonly name: string;
  prepare(sql: string): ReturnType<SharedSqlite['prepare']> & {
    readonly reader: boolean;
    raw(): { all(): Row[] };
    pluck(): { get(): unknown };
    bind(...values: unknown[]): { get(): unknown };
  };
  transaction<T>(work: (id: number) => T): ((id: number) => T) & { immediate(id: number): T };
  close(): unknown;
}

/** Loads the driver if it is installed for this runtime. It compiles for minutes where it is not. */
function loadDriver(): (new (path: string) => BetterSqlite) | undefined {
  try {
    const Database = createRequire(import.meta.url)('better-sqlite3');
    new Database(':memory:').close();
    return Database;
  } catch {
    return undefined;
  }
}

const Database = loadDriver();
const reason = Database ? '' : ': not installed here, run "npm install --no-save better-sqlite3"';

const programs: DriverProgram<BetterSqlite>[] = [
  ...(sqlitePrograms('SQLITE_CONSTRAINT_PRIMARYKEY') as DriverProgram<BetterSqlite>[]),
  {
    name: 'raw(), pluck(), bind() and fields',
    run(database) {
      const statement = database.prepare('SELECT ? AS a, 2 AS b');
      return [
        database.prepare('SELECT 1 AS a, 2 AS b').raw().all(),
        database.prepare('SELECT 7').pluck().get(),
        statement.bind('milk').get(),
        statement.reader,
        [database.open, database.name],
      ];
    },
    spans: ['SELECT', 'SELECT', 'SELECT'],
  },
  {
    name: 'transaction() and its variants',
    run(database) {
      const insert = database.transaction((id) => {
        database.prepare('INSERT INTO notes (id) VALUES (?)').run(id);
        if (id === 3) throw new Error('undone');
        return id;
      });
      const results = [insert(1), insert.immediate(2)];
      expect(() => insert(3)).toThrow('undone');
      return [results, database.prepare('SELECT count(*) AS n FROM notes').get()];
    },
    spans: [...Array(3).fill('INSERT notes'), 'SELECT notes'],
  },
  {
    name: 'a database that is closed',
    run(database) {
      database.close();
      return database.prepare('SELECT 1');
    },
    spans: [['SELECT', { 'error.type': 'TypeError' }]],
  },
];

describe.skipIf(!Database)(`better-sqlite3${reason}`, async () => {
  const open = () => new (Database as NonNullable<typeof Database>)(':memory:');
  const { drizzle }: { drizzle: typeof createDrizzle } = Database
    ? await import('drizzle-orm/better-sqlite3')
    : ({} as never);

  testTracedDriver<BetterSqlite>({
    name: 'better-sqlite3',
    system: 'sqlite',
    open() {
      const database = open();
      database.exec('CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT)');
      return database;
    },
    close: (database) => database.close(),
    trace: traceSqlite,
    programs: [
      ...programs,
      ...drizzleSqlitePrograms((database: BetterSqlite) =>
        drizzle(database as unknown as Client, { schema: drizzleSchema }),
      ),
    ],
  });

  test('traceSqlite() nests the statements of transaction() below its span if asked to', () => {
    const telemetry = recordTelemetry();
    const database = traceSqlite(open(), { ...telemetry, transactions: true });
    const select = database.transaction((id) => database.prepare(`SELECT ${id}`).get());
    underSpan(() => [select(1), select.immediate(2)]);
    const spans = telemetry.spans();
    expect(spans.map(({ name }) => name)).toEqual([
      ...['SELECT', 'transaction', 'SELECT', 'transaction'],
    ]);
    expect(spans[0]?.parentSpanContext).toEqual(spans[1]?.spanContext());
    expect(spans[2]?.parentSpanContext).toEqual(spans[3]?.spanContext());
    database.close();
  });
});
