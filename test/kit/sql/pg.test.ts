import { once } from 'node:events';
import process from 'node:process';
import { trace } from '@opentelemetry/api';
import { relations, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import pg from 'pg';
import Cursor from 'pg-cursor';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tracePg } from '../../../packages/hono-opentelemetry/src/sql/index.ts';
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

function settings() {
  return { host: '127.0.0.1', port: server.port, user: 'test', database: 'postgres' };
}

async function createTable(driver: pg.Pool | pg.Client) {
  await driver.query('CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, body TEXT)');
  await driver.query('TRUNCATE notes');
}

const INSERT = 'INSERT INTO notes (id, body) VALUES ($1, $2) RETURNING id';
const one = [1, SECRET];
const rows = (count: number) => ({ 'db.response.returned_rows': count });
const unique = { 'db.response.status_code': '23505', 'error.type': '23505' };

/** Programs for everything that has `query()`. */
const queries: DriverProgram<pg.Pool | pg.Client>[] = [
  {
    name: 'a text with values',
    run: (driver) => driver.query(INSERT, one),
    spans: [['INSERT notes', { ...rows(1), 'db.query.text': INSERT, 'db.namespace': 'postgres' }]],
  },
  {
    name: 'a text with literals',
    run: (driver) => driver.query(`SELECT * FROM notes WHERE body = '${SECRET}' AND id = 1`),
    spans: [
      [
        'SELECT notes',
        { ...rows(0), 'db.query.text': 'SELECT * FROM notes WHERE body = ? AND id = ?' },
      ],
    ],
  },
  {
    name: 'several statements in one text',
    run: (driver) => driver.query("SELECT 1 AS a; SELECT 'x' AS b"),
    spans: [['SELECT SELECT', rows(2)]],
  },
  {
    name: 'a config object in array mode',
    run: (driver) => driver.query({ text: 'SELECT 1, 2', rowMode: 'array' }),
    spans: ['SELECT'],
  },
  {
    name: 'a prepared statement',
    async run(driver) {
      const query = { name: 'insert', text: INSERT };
      await driver.query({ ...query, values: one });
      return await driver.query({ ...query, values: [2, SECRET] });
    },
    spans: ['INSERT notes', 'INSERT notes'],
  },
  {
    name: 'a statement with its operation',
    run(driver) {
      const query = { text: `WITH a AS (${INSERT}) SELECT id FROM a`, values: one };
      const operation = { name: 'INSERT', collection: 'notes' };
      return driver.query({ ...query, operation } as pg.QueryConfig);
    },
    spans: [['INSERT notes', { 'db.operation.name': 'INSERT', 'db.collection.name': 'notes' }]],
  },
  {
    name: 'a refused statement',
    async run(driver) {
      await driver.query(INSERT, one);
      await driver.query(INSERT, one);
    },
    spans: ['INSERT notes', ['INSERT notes', unique]],
  },
  {
    name: 'a callback',
    run: (driver) =>
      new Promise((resolve) => {
        const returned: unknown = driver.query('SELECT $1::int AS id', [1], function (
          this: object,
          ...args: unknown[]
        ) {
          const self = Object.getPrototypeOf(this ?? {})?.constructor?.name;
          resolve([self, returned, args.length, args[0], (args[1] as pg.QueryResult).rows]);
        } as (error: Error, result: pg.QueryResult) => void);
      }),
    spans: [['SELECT', rows(1)]],
  },
  {
    name: 'the order of callbacks',
    run: (driver) =>
      new Promise((resolve) => {
        const seen: string[] = [];
        driver.query('SELECT 1', () => {
          seen.push('callback');
          Promise.resolve().then(() => seen.push('promise'));
          process.nextTick(() => seen.push('tick'));
          setImmediate(() => resolve(seen));
        });
        seen.push('returned');
      }),
    spans: ['SELECT'],
  },
  {
    name: 'a callback without values, which gets an error',
    run: (driver) =>
      new Promise((resolve) => {
        driver.query('SELECT * FROM nowhere', (...args) => resolve([args.length, String(args[0])]));
      }),
    spans: [['SELECT nowhere', { 'db.response.status_code': '42P01' }]],
  },
  {
    name: 'no query',
    run: (driver) => driver.query(null as unknown as string),
    spans: [],
  },
];

const clients: DriverProgram<pg.Client>[] = [
  ...(queries as DriverProgram<pg.Client>[]),
  {
    name: 'a Query object with events',
    async run(client) {
      const query = new pg.Query('SELECT generate_series(1, 3) AS n') as pg.Query &
        NodeJS.EventEmitter;
      const seen: unknown[] = [];
      query.on('row', (row) => seen.push(row));
      const isSame = client.query(query) === query;
      await once(query, 'end');
      return [isSame, seen];
    },
    spans: [['SELECT', rows(3)]],
  },
  {
    name: 'a Query object that fails',
    async run(client) {
      const query = new pg.Query('SELECT * FROM nowhere') as pg.Query & NodeJS.EventEmitter;
      client.query(query);
      const [error] = await once(query, 'error').catch((error) => [error]);
      return String(error);
    },
    spans: [['SELECT nowhere', { 'db.response.status_code': '42P01' }]],
  },
  {
    name: 'a cursor',
    async run(client) {
      const cursor = client.query(new Cursor('SELECT generate_series(1, $1::int) AS n', [5]));
      const first = await cursor.read(2);
      const rest = await cursor.read(10);
      const end = await cursor.read(10);
      await cursor.close();
      return [cursor instanceof Cursor, first, rest, end];
    },
    spans: [['SELECT', rows(5)]],
  },
  {
    name: 'a config object with a callback',
    run: (client) =>
      new Promise((resolve) => {
        const callback = (error: Error, result: pg.QueryResult) => resolve([error, result.rows]);
        client.query({ text: 'SELECT 1 AS a', callback } as pg.QueryConfig);
      }),
    spans: ['SELECT'],
  },
  {
    name: 'a callback that is not a function',
    run: (client) => client.query({ text: 'SELECT 1', callback: 1 } as pg.QueryConfig),
    spans: [['SELECT', { 'error.type': 'TypeError' }]],
  },
];

const notes = pgTable('notes', { id: integer().primaryKey(), body: text() });
const schema = {
  notes,
  notesRelations: relations(notes, ({ one }) => ({
    self: one(notes, { fields: [notes.id], references: [notes.id] }),
  })),
};

const pools: DriverProgram<pg.Pool>[] = [
  ...(queries as DriverProgram<pg.Pool>[]),
  {
    name: 'a transaction of a client',
    async run(pool) {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query(INSERT, one);
      await client.query('ROLLBACK');
      client.release();
      const again = await pool.connect();
      const isSame = again === client;
      again.release();
      return [isSame, (await pool.query('SELECT * FROM notes')).rows, pool.totalCount];
    },
    spans: ['BEGIN', 'INSERT notes', 'ROLLBACK', 'SELECT notes'],
  },
  {
    name: 'connect() with a callback',
    run: (pool) =>
      new Promise((resolve) => {
        pool.connect((error, client, release) => {
          client?.query('SELECT 1 AS a', (_, result) => {
            release();
            resolve([error, client instanceof pg.Client, result.rows]);
          });
        });
      }),
    spans: ['SELECT'],
  },
  {
    name: 'a pool that is closed',
    async run(pool) {
      await pool.end();
      await pool.query('SELECT 1');
    },
    spans: [['SELECT', { 'error.type': 'Error' }]],
  },
  {
    name: 'a pool that is closed, with a callback',
    async run(pool) {
      await pool.end();
      return await new Promise((resolve) => {
        pool.query('SELECT 1', (...args) => resolve(args.map(String)));
      });
    },
    spans: [['SELECT', { 'error.type': 'Error' }]],
  },
  {
    name: 'events and fields',
    run(pool) {
      const isChained = pool.on('error', () => {}) === pool;
      return [isChained, pool instanceof pg.Pool, pool.listenerCount('error'), Object.keys(pool)];
    },
    spans: [],
  },
  {
    name: 'Drizzle: insert, returning, select',
    async run(pool) {
      const db = drizzle(pool);
      const inserted = await db.insert(notes).values({ id: 1, body: SECRET }).returning();
      return [inserted, await db.select().from(notes)];
    },
    spans: [
      ['insert notes', rows(1)],
      ['select notes', rows(1)],
    ],
  },
  {
    name: 'Drizzle: a relational query',
    async run(pool) {
      const db = drizzle(pool, { schema });
      await db.insert(notes).values({ id: 1, body: SECRET });
      return await db.query.notes.findMany({ with: { self: true } });
    },
    spans: ['insert notes', 'select notes select select notes'],
  },
  {
    name: 'Drizzle: a transaction with a savepoint',
    async run(pool) {
      const db = drizzle(pool);
      await db.transaction(async (tx) => {
        await tx.insert(notes).values({ id: 1, body: SECRET });
        await tx
          .transaction(async (inner) => {
            await inner.insert(notes).values({ id: 2, body: SECRET });
            inner.rollback();
          })
          .catch(() => {});
      });
      return await db.select().from(notes);
    },
    spans: [
      ...['begin', 'insert notes', 'savepoint', 'insert notes', 'rollback', 'commit'],
      'select notes',
    ],
  },
  {
    name: 'Drizzle: an error',
    async run(pool) {
      const db = drizzle(pool);
      await db.insert(notes).values({ id: 1, body: SECRET });
      await db.insert(notes).values({ id: 1, body: SECRET });
    },
    spans: ['insert notes', ['insert notes', unique]],
  },
  {
    name: 'Drizzle: literals in sql.raw()',
    run: async (pool) => (await drizzle(pool).execute(sql.raw(`SELECT '${SECRET}' AS a`))).rows,
    spans: [['SELECT', { 'db.query.text': 'SELECT ? AS a' }]],
  },
];

describe.skipIf(noPostgres)(`tracePg()${noPostgres ? `: ${noPostgres}` : ''}`, () => {
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server?.stop());

  testTracedDriver<pg.Client>({
    name: 'a Client of pg',
    system: 'postgresql',
    async open() {
      const client = new pg.Client(settings());
      await client.connect();
      await createTable(client);
      return client;
    },
    close: (client) => client.end(),
    trace: tracePg,
    programs: clients,
  });

  testTracedDriver<pg.Pool>({
    name: 'a Pool of pg',
    system: 'postgresql',
    async open() {
      const pool = new pg.Pool({ ...settings(), max: 2 });
      await createTable(pool);
      return pool;
    },
    close: (pool) => (pool.ended ? undefined : pool.end()),
    trace: tracePg,
    programs: pools,
  });

  describe('telemetry', () => {
    test('tracePg() nests the statements of a transaction below its span if asked to', async () => {
      const telemetry = recordTelemetry();
      const client = tracePg(new pg.Client(settings()), { ...telemetry, transactions: true });
      await client.connect();
      await underSpan(async () => {
        await client.query('begin');
        await client.query('SELECT 1');
        await client.query('rollback to savepoint a').catch(() => {});
        await client.query('rollback');
        await client.query('SELECT 2');
      });
      await client.end();
      const spans = telemetry.spans();
      const transaction = spans.find(({ name }) => name === 'transaction');
      const id = transaction?.spanContext().spanId;
      expect(
        spans.map(({ name, parentSpanContext }) => [name, parentSpanContext?.spanId === id]),
      ).toEqual([
        ['begin', true],
        ['SELECT', true],
        ['rollback', true],
        ['rollback', true],
        ['transaction', false],
        ['SELECT', false],
      ]);
    });

    test('an abandoned transaction ends with its connection', async () => {
      const telemetry = recordTelemetry();
      const pool = new pg.Pool({ ...settings(), max: 1 });
      const traced = tracePg(pool, { ...telemetry, transactions: true });
      await underSpan(async () => {
        const client = await traced.connect();
        await client.query('begin');
        client.release();
      });
      await underSpan(async () => {
        const client = await traced.connect();
        await client.query('SELECT 1');
        client.release();
      });
      await traced.end();
      const spans = telemetry.spans();
      const transaction = spans.find(({ name }) => name === 'transaction');
      const select = spans.find(({ name }) => name === 'SELECT');
      expect(transaction?.ended).toBe(true);
      expect(select?.spanContext().traceId).not.toBe(transaction?.spanContext().traceId);
    });

    test('tracePg() sends a comment with the traceparent of the span if asked to', async () => {
      const telemetry = recordTelemetry();
      const client = tracePg(new pg.Client(settings()), { ...telemetry, comments: true });
      await client.connect();
      const text = 'SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid()';
      const { rows } = await underSpan(() => client.query(text));
      const named = await underSpan(() => client.query({ name: 'named', text }));
      await client.end();
      const { traceId, spanId } = telemetry.spans()[0]?.spanContext() ?? {};
      expect(rows[0].query).toBe(`${text} /*traceparent='00-${traceId}-${spanId}-01'*/`);
      expect(named.rows[0].query).toBe(text);
    });

    test('a callback of a traced query runs in the context of its caller', async () => {
      const pool = tracePg(new pg.Pool({ ...settings(), max: 1 }), recordTelemetry());
      const active = () => trace.getActiveSpan()?.spanContext().spanId;
      const pairs = await Promise.all(
        [1, 2, 3].map((id) =>
          underSpan(
            () =>
              new Promise((resolve) => {
                const before = active();
                pool.query('SELECT $1::int', [id], () => resolve([before, active()]));
              }),
          ),
        ),
      );
      for (const [before, after] of pairs as string[][]) expect(after).toBe(before);
      await pool.end();
    });

    test.each<[what: string, options: pg.PoolConfig, variables?: object]>([
      ['options', { host: '127.0.0.1', port: 6543, database: 'shop' }],
      ['a connection string', { connectionString: 'postgres://u:SECRET@127.0.0.1:6543/shop' }],
      ['the environment', {}, { PGHOST: '127.0.0.1', PGPORT: '6543', PGDATABASE: 'shop' }],
    ])('tracePg() names the database of a pool after %s', async (_, options, variables = {}) => {
      const before = { ...process.env };
      Object.assign(process.env, variables);
      const telemetry = recordTelemetry();
      try {
        const pool = tracePg(new pg.Pool({ ...options, connectionTimeoutMillis: 1 }), telemetry);
        await pool.end();
        await expect(underSpan(() => pool.query('SELECT 1'))).rejects.toThrow();
      } finally {
        for (const name of Object.keys(variables)) {
          if (before[name] === undefined) delete process.env[name];
          else process.env[name] = before[name];
        }
      }
      expect(telemetry.span().attributes).toMatchObject({
        'server.address': '127.0.0.1',
        'server.port': 6543,
        'db.namespace': 'shop',
      });
    });

    test.each([
      ['-c search_path=sales', 'postgres|sales'],
      ['--search_path="sales",public -c geqo=off', 'postgres|sales'],
      ['-c search_path="$user",public', 'postgres'],
      ['-c geqo=off', 'postgres'],
    ])('tracePg() names the schema that the options %j select', async (options, namespace) => {
      const telemetry = recordTelemetry();
      const pool = tracePg(new pg.Pool({ ...settings(), options }), telemetry);
      await underSpan(() => pool.query('SELECT 1'));
      await underSpan(async () => {
        const client = await pool.connect();
        await client.query('SELECT 1');
        client.release();
      });
      await pool.end();
      const namespaces = telemetry.spans().map(({ attributes }) => attributes['db.namespace']);
      expect(namespaces).toEqual([namespace, namespace]);
    });

    test('tracePg() counts no caller as waiting who gets an idle connection', async () => {
      const telemetry = recordTelemetry();
      const gauge = telemetry.meterProvider.getMeter('test').createObservableGauge('rows');
      const pool = tracePg(new pg.Pool(settings()), telemetry);
      // A gauge that queries is read just before the pool.
      gauge.addCallback(async (result) => {
        result.observe((await pool.query('SELECT 1')).rows.length);
      });
      await pool.query('SELECT 1');
      const [point] = await telemetry.points('db.client.connection.pending_requests');
      expect(point?.value).toBe(0);
      await pool.end();
    });

    test('tracePg() adds up the connections of pools on one database', async () => {
      const telemetry = recordTelemetry();
      const open = (max: number) => tracePg(new pg.Pool({ ...settings(), max }), telemetry);
      const [one, other] = [open(2), open(3)];
      await one.query('SELECT 1');
      const client = await other.connect();
      const values = async (metric: string) =>
        (await telemetry.points(metric)).map(({ value }) => value);
      expect(await values('db.client.connection.count')).toEqual([1, 1]);
      expect(await values('db.client.connection.limit')).toEqual([5]);
      await one.end();
      expect(await values('db.client.connection.count')).toEqual([0, 1]);
      expect(await values('db.client.connection.limit')).toEqual([3]);
      client.release();
      await other.end();
    });

    test('the type of an error is the code of the system if the server is away', async () => {
      const telemetry = recordTelemetry();
      const pool = tracePg(new pg.Pool({ host: '127.0.0.1', port: 1 }), telemetry);
      await expect(underSpan(() => pool.query('SELECT 1'))).rejects.toThrow();
      expect(telemetry.span().attributes['error.type']).toBe('ECONNREFUSED');
      await pool.end();
    });

    test('tracePg() measures the connections of a pool', async () => {
      const telemetry = recordTelemetry();
      const pool = tracePg(new pg.Pool({ ...settings(), max: 1 }), telemetry);
      const client = await pool.connect();
      const waiting = pool.query('SELECT 1');
      const name = `127.0.0.1:${server.port}/postgres`;
      const point = async (metric: string) =>
        (await telemetry.points(metric)).map(({ value, attributes }) => {
          expect(attributes['db.client.connection.pool.name']).toBe(name);
          return [attributes['db.client.connection.state'], value];
        });
      expect(await point('db.client.connection.count')).toEqual([
        ['idle', 0],
        ['used', 1],
      ]);
      expect(await point('db.client.connection.pending_requests')).toEqual([[undefined, 1]]);
      expect(await point('db.client.connection.limit')).toEqual([[undefined, 1]]);
      client.release();
      await waiting;
      const [wait] = await telemetry.histograms('db.client.connection.wait_time');
      expect(wait?.value.count).toBe(2);
      await pool.end();
    });
  });
});
