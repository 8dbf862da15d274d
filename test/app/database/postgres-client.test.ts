import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect as connectSocket, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { DatabaseOptions, PoolLimits } from '../../../src/database/database.ts';
import { openDatabase } from '../../../src/database/open.ts';
import { parsePostgresUrl } from '../../../src/database/parse-postgres-url.ts';
import { createPostgresClient } from '../../../src/database/postgres/client.ts';
import { migratePostgres } from '../../../src/database/postgres/migrations.ts';
import { createPool } from '../../../src/database/postgres/pool.ts';
import type { SqlClient } from '../../../src/database/sql-client.ts';
import { testSqlClient } from '../../contracts/sql-client.ts';
import { noPostgres, type PostgresServer, startPostgres } from '../../support/database-servers.ts';
import { everythingIn } from '../../support/everything-in.ts';

const LIMITS: PoolLimits = { size: 2, timeoutMs: 5_000, statementTimeoutMs: 5_000 };
const OPERATION = { name: 'SELECT' };

if (noPostgres) {
  test.skip(`createPostgresClient() (${noPostgres})`, () => {});
} else {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  async function connectTo(url: string, limits?: Partial<PoolLimits>): Promise<SqlClient> {
    const location = parsePostgresUrl(url);
    return createPostgresClient(await createPool(location, { ...LIMITS, ...limits }), location);
  }
  const connect = async (limits?: Partial<PoolLimits>) =>
    connectTo(await server.newDatabase(), limits);

  testSqlClient('createPostgresClient()', () => connect());

  describe('createPostgresClient()', () => {
    it('returns integers of 8 bytes as numbers, or as bigints if they are not safe', async () => {
      const client = await connect();
      const sql =
        'SELECT 9007199254740991::bigint, 9007199254740993::bigint, count(*) FROM pg_class';
      const [[safe, large, count] = []] = await client.query(sql, []);
      expect([safe, large, typeof count]).toEqual([9007199254740991, 9007199254740993n, 'number']);
      await client.close();
    });

    it('prepares the statements of an operation, with the same result', async () => {
      const client = await connect({ size: 1 });
      for (const title of ['milk', 'tea']) {
        expect(await client.query('SELECT $1::text', [title], OPERATION)).toEqual([[title]]);
      }
      const names = await client.query('SELECT statement FROM pg_prepared_statements', []);
      expect(names).toEqual([['SELECT $1::text']]);
      await client.close();
    });

    it.each([
      ['undefined', undefined],
      ['true', true],
      ['a Date', new Date()],
      ['an object', { secret: 1 }],
    ])('refuses %s as a parameter', async (_, value) => {
      const client = await connect();
      await expect(client.query('SELECT $1', [value])).rejects.toBeInstanceOf(TypeError);
      await client.close();
    });

    it('reveals no parameter in an error that the server quotes it in', async () => {
      const client = await connect();
      const error = await client.query('SELECT $1::integer', ['secret']).catch((error) => error);
      expect(error).toMatchObject({ kind: 'refused', code: '22P02' });
      expect(everythingIn(error)).not.toContain('secret');
      await client.close();
    });

    it('ends a statement at its timeout and uses the connection again', async () => {
      const client = await connect({ size: 1, statementTimeoutMs: 100 });
      const [[pid] = []] = await client.query('SELECT pg_backend_pid()', []);
      await expect(client.query('SELECT pg_sleep(60)', [])).rejects.toMatchObject({
        kind: 'busy',
        code: '57014',
        message: expect.stringContaining('DATABASE_STATEMENT_TIMEOUT'),
      });
      expect(await client.query('SELECT pg_backend_pid()', [])).toEqual([[pid]]);
      await client.close();
    });

    it('rejects as busy when no connection gets free in time', async () => {
      const client = await connect({ size: 1, timeoutMs: 1_000 });
      await client.transaction(async () => {
        await expect(client.query('SELECT 1', [])).rejects.toMatchObject({
          kind: 'busy',
          message: expect.stringMatching(/All connections .*DATABASE_POOL_SIZE/),
        });
      });
      expect(await client.query('SELECT 1', [])).toEqual([[1]]);
      await client.close();
    });

    it('leaves connections for queries while transactions wait for each other', async () => {
      const client = await connect({ size: 2, timeoutMs: 1_000 });
      await client.transaction(async ({ query }) => {
        const others = Array.from({ length: 5 }, () =>
          client.transaction(({ query }) => query('SELECT 2', [])),
        );
        expect(await client.query('SELECT 1', [])).toEqual([[1]]);
        const outcomes = await Promise.allSettled(others);
        for (const outcome of outcomes) {
          expect(outcome).toMatchObject({ reason: { kind: 'busy', code: 'POOL_TIMEOUT' } });
        }
        expect(await query('SELECT 3', [])).toEqual([[3]]);
      });
      expect(await client.transaction(({ query }) => query('SELECT 4', []))).toEqual([[4]]);
      await client.close();
    });

    it('lets 100 callers per connection wait, and rejects more at once', async () => {
      const client = await connect({ size: 1 });
      let waiting: Promise<unknown>[] = [];
      await client.transaction(async () => {
        waiting = Array.from({ length: 100 }, () => client.query('SELECT 1', []));
        await expect(client.query('SELECT 1', [])).rejects.toMatchObject({
          kind: 'busy',
          code: 'POOL_FULL',
        });
      });
      expect(await Promise.all(waiting)).toEqual(waiting.map(() => [[1]]));
      await client.close();
    });

    it('rejects a transaction that continued after a failed statement', async () => {
      const client = await connect();
      await client.query('CREATE TABLE notes (id integer)', []);
      const transaction = client.transaction(async ({ query }) => {
        await query('INSERT INTO notes VALUES (1)', []);
        await query('SELECT 1 / 0', []).catch(() => {});
      });
      await expect(transaction).rejects.toMatchObject({ kind: 'refused' });
      expect(await client.query('SELECT * FROM notes', [])).toEqual([]);
      await client.close();
    });

    it('replaces connections that the server has ended, also within a transaction', async () => {
      const client = await connect({ size: 1 });
      const other = await connectTo(`postgres://test@127.0.0.1:${server.port}/postgres`);
      const endOthers = () =>
        other.query(
          'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL',
          [],
        );
      const transaction = client.transaction(async ({ query }) => {
        await endOthers();
        await query('SELECT 1', []);
      });
      await expect(transaction).rejects.toMatchObject({ kind: 'unavailable' });
      expect(await client.query('SELECT 1', [])).toEqual([[1]]);
      await Promise.all([client.close(), other.close()]);
    });

    it('rejects as busy when the server has ended a transaction that was idle', async () => {
      const client = await connect({ size: 1 });
      const transaction = client.transaction(async ({ query }) => {
        await query('SET idle_in_transaction_session_timeout = 50', []);
        // Blocks the event loop, so that the next statement is sent before the server's message is read.
        spawnSync('sleep', ['0.5']);
        await query('SELECT 1', []);
      });
      await expect(transaction).rejects.toMatchObject({ kind: 'busy', code: '25P03' });
      expect(await client.query('SELECT 1', [])).toEqual([[1]]);
      await client.close();
    });

    it('times out when a server accepts connections and sends nothing', async () => {
      const sockets: Socket[] = [];
      const silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const { port } = silent.address() as AddressInfo;
      const client = await connectTo(`postgres://test@127.0.0.1:${port}`, { timeoutMs: 50 });
      await expect(client.query('SELECT 1', [])).rejects.toMatchObject({
        kind: 'unavailable',
        message: expect.stringContaining(`127.0.0.1:${port} cannot be reached`),
      });
      await client.close();
      for (const socket of sockets) socket.destroy();
      silent.close();
    });

    it('gives up 2 s after the statement timeout when the server becomes silent', async () => {
      const sockets: Socket[] = [];
      const proxy = createServer((socket) => {
        const upstream = connectSocket(server.port, '127.0.0.1');
        socket.pipe(upstream).pipe(socket);
        sockets.push(socket, upstream);
        for (const each of [socket, upstream]) each.on('error', () => {});
      }).listen(0, '127.0.0.1');
      await once(proxy, 'listening');
      const { port } = proxy.address() as AddressInfo;
      const url = `postgres://test@127.0.0.1:${port}/postgres`;
      const client = await connectTo(url, { statementTimeoutMs: 100 });
      expect(await client.query('SELECT 1', [])).toEqual([[1]]);
      for (const socket of sockets) socket.unpipe();
      const start = performance.now();
      await expect(client.query('SELECT 2', [])).rejects.toMatchObject({ kind: 'unavailable' });
      const millis = performance.now() - start;
      expect(millis).toBeGreaterThan(2_000);
      expect(millis).toBeLessThan(4_500);
      expect(await client.query('SELECT 3', [])).toEqual([[3]]);
      await client.close();
      for (const socket of sockets) socket.destroy();
      proxy.close();
    });
  });

  describe('migratePostgres()', () => {
    const first = ['CREATE TABLE a (x text)', "INSERT INTO a VALUES ('kept')"];
    const second = ['ALTER TABLE a ADD COLUMN y text'];

    it('applies each missing step once', async () => {
      const client = await connect();
      await migratePostgres(client, [first]);
      await migratePostgres(client, [first]);
      expect(await client.query('SELECT * FROM a', [])).toEqual([['kept']]);
      await migratePostgres(client, [first, second]);
      expect(await client.query('SELECT x, y FROM a', [])).toEqual([['kept', null]]);
      expect(await client.query('SELECT version FROM tasks_schema', [])).toEqual([[2]]);
      await client.close();
    });

    it('leaves the database as it was when a later step fails', async () => {
      const client = await connect();
      const migration = migratePostgres(client, [first, ['CREATE TABLE b (x text)', 'NONSENSE']]);
      await expect(migration).rejects.toThrow('NONSENSE');
      const tables = "SELECT relname FROM pg_class WHERE relname IN ('a', 'b', 'tasks_schema')";
      expect(await client.query(tables, [])).toEqual([]);
      await client.close();
    });
  });

  describe('openDatabase() with PostgreSQL', () => {
    const failureOf = (url: string, options?: DatabaseOptions) =>
      openDatabase(url, options).catch((error: unknown) => error);

    it('names the database without its password', async () => {
      const { port, pathname } = new URL(await server.newDatabase());
      const name = pathname.slice(1);
      const { description, close } = await openDatabase(
        `postgresql://test:hunter2@127.0.0.1:${port}/${name}`,
      );
      expect(description).toBe(`PostgreSQL database ${name} on 127.0.0.1:${port}`);
      await close();
    });

    it('refuses a schema that is newer than the program', async () => {
      const url = await server.newDatabase();
      await (await openDatabase(url)).close();
      await server.run(url, 'UPDATE tasks_schema SET version = 7');
      expect(await failureOf(url)).toMatchObject({
        name: 'DatabaseOpenError',
        message: expect.stringMatching(
          /^The PostgreSQL database .* cannot be used\. Its schema has version 7\b.* Start a newer program/,
        ),
      });
    });

    it('refuses the table of another program', async () => {
      const url = await server.newDatabase();
      await server.run(url, 'CREATE TABLE tasks (x text)');
      expect(await failureOf(url)).toMatchObject({
        message: expect.stringContaining('another program: it has a table "tasks"'),
      });
      expect(await failureOf(`${url}?options=-csearch_path%3Dtodo`)).toMatchObject({
        name: 'DatabaseOpenError',
        message: expect.stringContaining('search_path'),
      });
      await server.run(url, 'CREATE SCHEMA todo');
      await (await openDatabase(`${url}?options=-csearch_path%3Dtodo`)).close();
    });

    it('refuses a database that does not exist, and reports that once', async () => {
      const url = `postgres://test@127.0.0.1:${server.port}/missing`;
      const notices: string[] = [];
      const failure = await failureOf(url, { notify: (text) => notices.push(text) });
      expect(notices).toEqual([]);
      expect(failure).toMatchObject({
        name: 'DatabaseOpenError',
        message: `The PostgreSQL database missing on 127.0.0.1:${server.port} does not exist. Create it first, for example with createdb.`,
      });
    });

    it('refuses a server without TLS if sslmode requires it', async () => {
      const url = await server.newDatabase();
      expect(await failureOf(`${url}?sslmode=require`)).toMatchObject({
        name: 'DatabaseOpenError',
        message: expect.stringMatching(/ has no TLS\. .* sslmode=disable\.$/),
      });
    });

    it('uses the PG* variables for what the URL leaves out', async () => {
      const { hostname, port, pathname } = new URL(await server.newDatabase());
      const variables = {
        PGHOST: hostname,
        PGPORT: port,
        PGUSER: 'test',
        PGDATABASE: pathname.slice(1),
      };
      const { store, close } = await openDatabase('postgres://', { variables });
      expect(await store.list()).toEqual([]);
      await close();
    });

    it('reports a newer schema that it finds after the server was out of reach', async () => {
      const url = await server.newDatabase();
      await (await openDatabase(url)).close();
      await server.run(url, 'UPDATE tasks_schema SET version = 7');
      await server.halt();
      const notices: string[] = [];
      const { store, close } = await openDatabase(url, { notify: (text) => notices.push(text) });
      await server.resume();
      await expect(store.list()).rejects.toMatchObject({
        name: 'TaskStoreUnavailableError',
        message: expect.stringContaining('version 7'),
      });
      await close();
      expect(notices).toEqual([
        expect.stringContaining('cannot be reached'),
        expect.stringMatching(/^The PostgreSQL database .* version 7/),
      ]);
    });

    it('does without a server that is out of reach, reports it once, and migrates it later', async () => {
      const url = await server.newDatabase();
      await server.halt();
      const notices: string[] = [];
      const { store, close } = await openDatabase(url, { notify: (text) => notices.push(text) });
      const unavailable = { name: 'TaskStoreUnavailableError' };
      await expect(store.ping()).rejects.toMatchObject(unavailable);
      await expect(store.add({ title: 'milk' })).rejects.toMatchObject(unavailable);
      await server.resume();
      const task = await store.add({ title: 'milk' });
      await server.halt();
      await expect(store.list()).rejects.toMatchObject(unavailable);
      await server.resume();
      expect(await store.list()).toEqual([task]);
      expect(notices).toEqual([
        expect.stringMatching(/cannot be reached \(ECONNREFUSED\)\. .* 503 until then\.$/),
        'The database can be reached again.',
      ]);
      await close();
    });

    it('migrates a database again that an empty one has replaced', async () => {
      const url = await server.newDatabase();
      const notices: string[] = [];
      const { store, close } = await openDatabase(url, { notify: (text) => notices.push(text) });
      await server.run(url, 'DROP SCHEMA public CASCADE; CREATE SCHEMA public');
      await expect(store.ping()).rejects.toThrow('"tasks" does not exist');
      await store.ping();
      expect(await store.add({ title: 'milk' })).toMatchObject({ id: 1 });
      expect(notices).toEqual([expect.stringMatching(/"tasks" does not exist.* run again/)]);
      await close();
    });
  });
}
