import { once } from 'node:events';
import process from 'node:process';
import { relations } from 'drizzle-orm';
import { int, mysqlTable, text } from 'drizzle-orm/mysql-core';
import { drizzle } from 'drizzle-orm/mysql2';
import mysql from 'mysql2';
import promises from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { traceMysql } from '../../../packages/hono-opentelemetry/src/sql/index.ts';
import {
  type DriverProgram,
  SECRET,
  testTracedDriver,
  underSpan,
} from '../../contracts/sql-driver.ts';
import { type DatabaseServer, noMariadb, startMariadb } from '../../support/database-servers.ts';
import { recordTelemetry } from '../../support/recorded-telemetry.ts';
import { useContext } from '../../support/use-context.ts';

useContext();

let server: DatabaseServer;

function settings() {
  return { host: '127.0.0.1', port: server.port, user: 'root', database: 'test' };
}

const INSERT = 'INSERT INTO notes VALUES (?, ?)';
const one = [1, SECRET];
const rows = (count: number) => ({ 'db.response.returned_rows': count });
const duplicate = { 'db.response.status_code': '1062', 'error.type': '1062' };
const missing = { 'db.response.status_code': '1146' };

const notes = mysqlTable('notes', { id: int().primaryKey(), body: text() });
const row = { id: 1, body: SECRET };
const schema = {
  notes,
  notesRelations: relations(notes, ({ one }) => ({
    self: one(notes, { fields: [notes.id], references: [notes.id] }),
  })),
};

/** Calls a method with a callback. @returns what the callback gets */
function called(run: (callback: (...args: unknown[]) => void) => unknown): Promise<unknown[]> {
  return new Promise((resolve) => {
    run((...args) => resolve(args));
  });
}

const programs: DriverProgram<promises.Pool>[] = [
  {
    name: 'query and execute',
    run: async (pool) => [
      await pool.query(INSERT, one),
      await pool.execute(INSERT, [2, SECRET]),
      (await pool.query(`SELECT * FROM notes WHERE body = "${SECRET}" AND id > 0`))[0],
      (await pool.query({ sql: 'SELECT id FROM notes', rowsAsArray: true }))[0],
    ],
    spans: [
      ['INSERT notes', { 'db.query.text': INSERT, 'db.namespace': 'test' }],
      ['INSERT notes', { 'db.query.text': INSERT }],
      [
        'SELECT notes',
        { ...rows(2), 'db.query.text': 'SELECT * FROM notes WHERE body = ? AND id > ?' },
      ],
      ['SELECT notes', rows(2)],
    ],
  },
  {
    name: 'several statements in one text',
    run: async (pool) => (await pool.query('SELECT 1 AS a; SELECT 2 AS b'))[0],
    spans: [['SELECT SELECT', rows(2)]],
  },
  {
    name: 'refused statements',
    async run(pool) {
      await pool.query(INSERT, one);
      await expect(pool.execute(INSERT, one)).rejects.toThrow();
      await pool.query('SELECT * FROM nowhere');
    },
    spans: ['INSERT notes', ['INSERT notes', duplicate], ['SELECT nowhere', missing]],
  },
  {
    name: 'a transaction of a connection',
    async run(pool) {
      const connection = await pool.getConnection();
      await connection.beginTransaction();
      await connection.query(INSERT, one);
      await connection.rollback();
      pool.releaseConnection(connection);
      return (await pool.query('SELECT * FROM notes'))[0];
    },
    spans: ['START', 'INSERT notes', 'ROLLBACK', 'SELECT notes'],
  },
  {
    name: 'a prepared statement',
    async run(pool) {
      const connection = await pool.getConnection();
      const statement = await connection.prepare(INSERT);
      const [result] = await statement.execute(one);
      await statement.close();
      connection.release();
      return result;
    },
    spans: ['INSERT notes'],
  },
  {
    name: 'a pool that is closed',
    async run(pool) {
      await pool.end();
      await pool.query('SELECT 1');
    },
    spans: ['SELECT'],
  },
  {
    name: 'Drizzle: insert, select, a transaction that fails',
    async run(pool) {
      const db = drizzle(pool);
      const [inserted] = await db.insert(notes).values(row);
      const failed = db.transaction((tx) => tx.insert(notes).values(row));
      await expect(failed).rejects.toThrow();
      return [inserted, await db.select().from(notes)];
    },
    spans: [...['insert notes', 'begin', 'insert notes', 'rollback'], ['select notes', rows(1)]],
  },
  {
    name: 'Drizzle: a relational query',
    async run(pool) {
      // MariaDB refuses the joins of a query with related rows.
      const db = drizzle(pool, { schema, mode: 'default' });
      await db.insert(notes).values(row);
      await expect(db.query.notes.findMany({ with: { self: true } })).rejects.toThrow();
      return await db.query.notes.findMany();
    },
    spans: ['insert notes', 'select notes select select notes', ['select notes', rows(1)]],
  },
];

const callbacks: DriverProgram<mysql.Pool>[] = [
  {
    name: 'callbacks',
    run: async (pool) => [
      await called((done) => pool.query(INSERT, one, done)),
      (await called((done) => pool.execute('SELECT * FROM notes WHERE id = ?', [1], done)))[1],
      (await called((done) => pool.query('SELECT 1 AS a', done)))[1],
      (await called((done) => pool.query('SELECT * FROM nowhere', done))).map(String),
    ],
    spans: [
      'INSERT notes',
      ['SELECT notes', rows(1)],
      ['SELECT', rows(1)],
      ['SELECT nowhere', missing],
    ],
  },
  {
    name: 'the order of callbacks',
    async run(pool) {
      const seen: string[] = [];
      await called((done) => {
        pool.query('SELECT 1', () => {
          seen.push('callback');
          Promise.resolve().then(() => seen.push('promise'));
          process.nextTick(() => seen.push('tick'));
          setImmediate(done);
        });
        seen.push('returned');
      });
      return seen;
    },
    spans: ['SELECT'],
  },
  {
    name: 'a pool that is closed, with a callback',
    async run(pool) {
      await pool.promise().end();
      return (await called((done) => pool.query('SELECT 1', done))).map(String);
    },
    spans: [['SELECT', { 'error.type': 'Error' }]],
  },
  {
    name: 'the events of a command',
    async run(pool) {
      const command = pool.query('SELECT 1 AS a UNION SELECT 2');
      const seen: unknown[] = [];
      command.on('result', (row) => seen.push(row));
      await once(command, 'end');
      return seen;
    },
    spans: ['SELECT SELECT'],
  },
  {
    name: 'the error event of a command',
    run: async (pool) =>
      String(await once(pool.query('SELECT * FROM nowhere'), 'error').catch((error) => [error])),
    spans: [['SELECT nowhere', missing]],
  },
  {
    name: 'a connection of a pool',
    async run(pool) {
      const [error, connection] = await called((done) => pool.getConnection(done));
      const typed = connection as mysql.PoolConnection;
      const results = [
        await called((done) => typed.beginTransaction(done)),
        await called((done) => typed.query(INSERT, one, done)),
        await called((done) => typed.commit(done)),
      ];
      pool.releaseConnection(typed);
      return [error, results.map(([failed]) => failed)];
    },
    spans: ['START', 'INSERT notes', 'COMMIT'],
  },
  {
    name: 'promise()',
    run: async (pool) => (await pool.promise().query('SELECT 1 AS a'))[0],
    spans: ['SELECT'],
  },
  {
    name: 'Drizzle',
    run: (pool) => drizzle(pool).select().from(notes),
    spans: [['select notes', rows(0)]],
  },
];

async function clear(pool: promises.Pool) {
  await pool.query('CREATE TABLE IF NOT EXISTS notes (id INT PRIMARY KEY, body TEXT)');
  await pool.query('TRUNCATE notes');
}

describe.skipIf(noMariadb)(`traceMysql()${noMariadb ? `: ${noMariadb}` : ''}`, () => {
  beforeAll(async () => {
    server = await startMariadb();
  });
  afterAll(() => server?.stop());

  testTracedDriver<promises.Pool>({
    name: 'mysql2/promise',
    system: 'mariadb',
    async open() {
      const pool = promises.createPool({ ...settings(), multipleStatements: true });
      await clear(pool);
      return pool;
    },
    close: (pool) => pool.end().catch(() => {}),
    trace: traceMysql,
    programs,
  });

  testTracedDriver<mysql.Pool>({
    name: 'mysql2 with callbacks',
    system: 'mariadb',
    async open() {
      const pool = mysql.createPool(settings());
      await clear(pool.promise());
      return pool;
    },
    close: (pool) =>
      pool
        .promise()
        .end()
        .catch(() => {}),
    trace: traceMysql,
    programs: callbacks,
  });

  test('traceMysql() names the server MariaDB once it has connected', async () => {
    const telemetry = recordTelemetry();
    const pool = traceMysql(promises.createPool(settings()), telemetry);
    await underSpan(() => pool.query('SELECT 1'));
    await underSpan(() => pool.query('SELECT 2'));
    await pool.end();
    expect(telemetry.spans().map(({ attributes }) => attributes['db.system.name'])).toEqual([
      'mysql',
      'mariadb',
    ]);
  });

  test('traceMysql() adds a transaction span and a comment if asked to', async () => {
    const telemetry = recordTelemetry();
    const options = { ...telemetry, transactions: true, comments: true };
    const connection = traceMysql(await promises.createConnection(settings()), options);
    const text = 'SELECT info FROM information_schema.processlist WHERE id = connection_id()';
    const [found] = await underSpan(async () => {
      await connection.beginTransaction();
      const [rows] = await connection.query(text);
      await connection.commit();
      return rows as { info: string }[];
    });
    await connection.end();
    const spans = telemetry.spans();
    expect(spans.map(({ name }) => name)).toEqual([
      ...['START', 'SELECT information_schema.processlist', 'COMMIT', 'transaction'],
    ]);
    const id = spans[3]?.spanContext().spanId;
    expect(spans.slice(0, 3).every((span) => span.parentSpanContext?.spanId === id)).toBe(true);
    const { traceId, spanId } = spans[1]?.spanContext() ?? {};
    expect(found?.info).toBe(`${text} /*traceparent='00-${traceId}-${spanId}-01'*/`);
  });
});
