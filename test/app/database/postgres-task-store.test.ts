import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Database, DatabaseOptions } from '../../../src/database/database.ts';
import { openDatabase } from '../../../src/database/open.ts';
import { testSharedTaskStore } from '../../contracts/shared-task-store.ts';
import { testTaskStore } from '../../contracts/task-store.ts';
import { noPostgres, type PostgresServer, startPostgres } from '../../support/database-servers.ts';
import { everythingIn } from '../../support/everything-in.ts';

const secret = 'call anna@example.org';

if (noPostgres) {
  test.skip(`createPostgresTaskStore() (${noPostgres})`, () => {});
} else {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterAll(() => server.stop());

  const open = async (options?: DatabaseOptions) =>
    openDatabase(await server.newDatabase(), options);

  testTaskStore('createPostgresTaskStore()', () => open());
  testSharedTaskStore('createPostgresTaskStore()', async (maxTasks = 0) => {
    const url = await server.newDatabase();
    return [await openDatabase(url, { maxTasks }), await openDatabase(url, { maxTasks })];
  });

  describe('a TaskStore on PostgreSQL', () => {
    it('restores what another client has removed', async () => {
      const url = await server.newDatabase();
      const [one, two] = [await openDatabase(url), await openDatabase(url)];
      const task = await one.store.add({ title: 'milk' });
      await one.store.remove(task.id);
      expect(await two.store.restore({ id: task.id })).toBe(1);
      expect(await one.store.list()).toEqual([{ ...task, version: 2 }]);
      await close(one, two);
    });

    it('restores as many tasks as the list has room for', async () => {
      const { store, close } = await open({ maxTasks: 2 });
      await store.add({ title: 'milk', completed: true });
      await store.add({ title: 'tea', completed: true });
      const from = Date.now();
      await store.removeAll();
      const to = Date.now();
      await store.add({ title: 'rum' });
      expect(await store.restore({ from, to })).toBe(1);
      expect((await store.list()).map((task) => task.title)).toEqual(['milk', 'rum']);
      await close();
    });

    it('keeps the last 10,000 removed tasks', async () => {
      const url = await server.newDatabase();
      const { store, close } = await openDatabase(url);
      await server.run(
        url,
        "INSERT INTO tasks (title, completed, created_at, position, version) SELECT 'milk', true, n, n, 1 FROM generate_series(1, 10001) n",
      );
      const from = Date.now();
      await store.removeAll();
      expect(await store.restore({ from, to: Date.now() })).toBe(10_000);
      await close();
    });

    it('completes every task of a long list while another client removes one', async () => {
      const url = await server.newDatabase();
      const { store, close } = await openDatabase(url);
      await server.run(
        url,
        "INSERT INTO tasks (title, completed, created_at, position, version) SELECT 'milk', false, n, n, 1 FROM generate_series(1, 1500) n",
      );
      const other = new Client(url);
      await other.connect();
      await other.query('BEGIN; DELETE FROM tasks WHERE id = 1');
      const completed = store.completeAll(true);
      // Until the statement waits for the lock of that task.
      while ((await other.query('SELECT FROM pg_locks WHERE NOT granted')).rowCount === 0);
      await other.query('COMMIT');
      expect(await completed).toBe(1_499);
      expect(await store.count()).toEqual({ active: 0, completed: 1_499 });
      await other.end();
      await close();
    });

    it('reveals no title in an error, nor the details of the server about a row', async () => {
      const url = await server.newDatabase();
      const database = await openDatabase(url);
      await database.store.add({ title: secret });
      const errors: unknown[] = [];
      const quote = "EXECUTE format('SELECT * FROM %I', new.title)";
      for (const statement of [
        `CREATE FUNCTION quote() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${quote}; END $$;
          CREATE TRIGGER quote BEFORE INSERT ON tasks FOR EACH ROW EXECUTE FUNCTION quote()`,
        "DROP FUNCTION quote CASCADE; ALTER TABLE tasks ADD CHECK (title LIKE 'x%') NOT VALID",
        'ALTER TABLE tasks RENAME title TO name',
        'DROP TABLE tasks CASCADE',
      ]) {
        await server.run(url, statement);
        errors.push(await database.store.add({ title: secret }).catch((error: unknown) => error));
      }
      expect(errors.map(everythingIn).join()).not.toContain('anna');
      expect(errors).toMatchObject([
        { message: 'PostgreSQL refused a statement: SQLSTATE 42P01.', code: '42P01' },
        { message: expect.stringContaining('23514'), code: '23514' },
        { code: '42703' },
        { message: expect.stringContaining('"tasks" does not exist'), code: '42P01' },
      ]);
      await database.close();
    });

    it('responds to a ping while all connections are in use', async () => {
      const { store, withWriteLock, close } = await open({ pool: { size: 1 } });
      await withWriteLock?.(300, async () => {
        const added = store.add({ title: 'milk' }).then(() => 'added');
        const pinged = store.ping().then(() => 'pinged');
        expect(await Promise.race([added, pinged])).toBe('pinged');
        await added;
      });
      await close();
    });

    it('rejects as unavailable after the database is closed', async () => {
      const database = await open();
      await database.close();
      await expect(database.store.ping()).rejects.toMatchObject({
        name: 'TaskStoreUnavailableError',
      });
    });

    it('is migrated once by ten programs that start together', async () => {
      const url = await server.newDatabase();
      const databases = await Promise.all(Array.from({ length: 10 }, () => openDatabase(url)));
      await Promise.all(databases.map(({ store }, n) => store.add({ title: `${n}` })));
      expect(await databases[0]?.store.count()).toEqual({ active: 10, completed: 0 });
      await close(...databases);
    });
  });
}

async function close(...databases: Database[]): Promise<void> {
  await Promise.all(databases.map((database) => database.close()));
}
