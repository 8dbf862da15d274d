import { relations } from 'drizzle-orm';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tracePostgres } from '../../../packages/hono-opentelemetry/src/sql/index.ts';
import {
  type DriverProgram,
  SECRET,
  testTracedDriver,
  underSpan,
} from '../../contracts/sql-driver.ts';
import { type DatabaseServer, noPostgres, startPostgres } from '../../support/database-servers.ts';
import { recordTelemetry } from '../../support/recorded-telemetry.ts';
import { useContext } from '../../support/use-context.ts';

useContext();

let server: DatabaseServer;

function open(connection: Record<string, string> = {}) {
  return postgres({
    host: '127.0.0.1',
    port: server.port,
    user: 'test',
    database: 'postgres',
    max: 2,
    onnotice() {},
    connection,
  });
}

const rows = (count: number) => ({ 'db.response.returned_rows': count });
const notes = pgTable('notes', { id: integer().primaryKey(), body: text() });
const row = { id: 1, body: SECRET };
const schema = {
  notes,
  notesRelations: relations(notes, ({ one }) => ({
    self: one(notes, { fields: [notes.id], references: [notes.id] }),
  })),
};

const programs: DriverProgram<postgres.Sql>[] = [
  {
    name: 'a tagged template',
    run: (sql) => sql`INSERT INTO notes VALUES (${1}, ${SECRET}) RETURNING id`,
    spans: [
      [
        'INSERT notes',
        { ...rows(1), 'db.query.text': 'INSERT INTO notes VALUES ($1, $2) RETURNING id' },
      ],
    ],
  },
  {
    name: 'fragments, identifiers and helpers',
    async run(sql) {
      await sql`INSERT INTO ${sql('notes')} ${sql(row)}`;
      const where = sql`WHERE id = ${1} AND body = ${SECRET}`;
      return await sql`SELECT * FROM notes ${where} LIMIT ${5}`;
    },
    spans: [
      'INSERT notes',
      [
        'SELECT notes',
        { 'db.query.text': 'SELECT * FROM notes WHERE id = $1 AND body = $2 LIMIT $3' },
      ],
    ],
  },
  {
    name: 'unsafe, with literals and with values',
    run: async (sql) => [
      await sql.unsafe(`SELECT '${SECRET}' AS a`),
      await sql.unsafe('SELECT $1::int AS a', [1]).values(),
    ],
    spans: [
      ['SELECT', { 'db.query.text': 'SELECT ? AS a' }],
      ['SELECT', { 'db.query.text': 'SELECT $1::int AS a', ...rows(1) }],
    ],
  },
  {
    name: 'several statements in one text',
    run: (sql) => sql.unsafe('SELECT 1 AS a; SELECT 2 AS b'),
    spans: [['SELECT SELECT', rows(2)]],
  },
  {
    name: 'an error',
    run: (sql) => sql`SELECT * FROM nowhere`,
    spans: [['SELECT nowhere', { 'db.response.status_code': '42P01', 'error.type': '42P01' }]],
  },
  {
    name: 'a query that is never awaited',
    run: (sql) => void sql`SELECT 1`,
    spans: [],
  },
  {
    name: 'a cursor',
    async run(sql) {
      const seen: unknown[] = [];
      for await (const page of sql`SELECT generate_series(1, 3) AS n`.cursor(2)) seen.push(page);
      return seen.map((page) => [...(page as unknown[])]);
    },
    spans: ['SELECT'],
  },
  {
    name: 'forEach',
    async run(sql) {
      const seen: unknown[] = [];
      await sql`SELECT generate_series(1, 3) AS n`.forEach((row) => {
        seen.push(row);
      });
      return seen;
    },
    spans: ['SELECT'],
  },
  {
    name: 'begin with a savepoint that fails',
    run: (sql) =>
      sql.begin(async (tx) => {
        await tx`INSERT INTO notes VALUES (1, ${SECRET})`;
        const inner = tx.savepoint(async (save) => {
          await save`INSERT INTO notes VALUES (1, ${SECRET})`;
        });
        await inner.catch(() => {});
        return await tx`SELECT id FROM notes`;
      }),
    spans: ['INSERT notes', 'INSERT notes', 'SELECT notes'],
  },
  {
    name: 'begin with an array of queries',
    run: (sql) => sql.begin((tx) => [tx`SELECT 1 AS a`, tx`SELECT 2 AS b`]),
    spans: ['SELECT', 'SELECT'],
  },
  {
    name: 'a reserved connection',
    async run(sql) {
      const reserved = await sql.reserve();
      const result = await reserved`SELECT 1 AS a`;
      reserved.release();
      return result;
    },
    spans: ['SELECT'],
  },
  {
    name: 'helpers, types and options',
    run: (sql) => [
      typeof sql,
      sql.options.database,
      sql.json({ a: 1 }).constructor.name,
      sql('notes').constructor.name,
      sql`SELECT 1`.constructor.name,
      sql`SELECT 1` instanceof Promise,
    ],
    spans: [],
  },
  {
    name: 'a client that has ended',
    async run(sql) {
      await sql.end();
      await sql`SELECT 1`;
    },
    spans: [['SELECT', { 'error.type': 'CONNECTION_ENDED' }]],
  },
  {
    name: 'Drizzle: insert, returning, select, transaction',
    async run(sql) {
      const db = drizzle(sql);
      const inserted = await db.insert(notes).values(row).returning();
      const failed = db.transaction((tx) => tx.insert(notes).values(row));
      await expect(failed).rejects.toThrow();
      return [inserted, await db.select().from(notes)];
    },
    spans: [['insert notes', rows(1)], 'insert notes', ['select notes', rows(1)]],
  },
  {
    name: 'Drizzle: a relational query',
    async run(sql) {
      const db = drizzle(sql, { schema });
      await db.insert(notes).values(row);
      return await db.query.notes.findMany({ with: { self: true } });
    },
    spans: ['insert notes', ['select notes select select notes', rows(1)]],
  },
];

describe.skipIf(noPostgres)(`tracePostgres()${noPostgres ? `: ${noPostgres}` : ''}`, () => {
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  testTracedDriver<postgres.Sql>({
    name: 'postgres.js',
    system: 'postgresql',
    async open() {
      const sql = open();
      await sql`CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, body TEXT)`;
      await sql`TRUNCATE notes`;
      return sql;
    },
    close: (sql) => sql.end(),
    trace: tracePostgres,
    programs,
  });

  test('tracePostgres() nests the queries of begin() below its span if asked to', async () => {
    const telemetry = recordTelemetry();
    const sql = tracePostgres(open(), { ...telemetry, transactions: true });
    await underSpan(() => sql.begin((tx) => tx`SELECT 1`));
    const failed = underSpan(() => sql.begin((tx) => tx`SELECT * FROM nowhere`));
    await expect(failed).rejects.toThrow();
    await sql.end();
    const spans = telemetry.spans();
    expect(spans.map(({ name, status }) => [name, status.code])).toEqual([
      ['SELECT', 0],
      ['transaction', 0],
      ['SELECT nowhere', 2],
      ['transaction', 2],
    ]);
    expect(spans[0]?.parentSpanContext).toEqual(spans[1]?.spanContext());
    expect(spans[2]?.parentSpanContext).toEqual(spans[3]?.spanContext());
  });

  test.each([{ search_path: 'sales, public' }, { options: '-c search_path=sales' }])(
    'tracePostgres() names the schema of the connection %j',
    async (connection) => {
      const telemetry = recordTelemetry();
      const sql = tracePostgres(open(connection), { ...telemetry, semconv: 'dup' });
      await underSpan(async () => await sql`SELECT 1`);
      await sql.end();
      expect(telemetry.span().attributes).toMatchObject({
        'db.namespace': 'postgres|sales',
        'db.name': 'postgres',
      });
    },
  );

  test('tracePostgres() sends a comment with unsafe() if asked to', async () => {
    const telemetry = recordTelemetry();
    const sql = tracePostgres(open(), { ...telemetry, comments: true });
    const text = 'SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid()';
    const [row] = await underSpan(async () => await sql.unsafe(text));
    await sql.end();
    const { traceId, spanId } = telemetry.span().spanContext();
    expect(row?.query).toBe(`${text} /*traceparent='00-${traceId}-${spanId}-01'*/`);
  });
});
