import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/database/open.ts';
import type { SqlClient } from '../../../src/database/sql-client.ts';
import { createSqliteTaskStore } from '../../../src/database/sqlite/store.ts';
import { TaskStoreUnavailableError } from '../../../src/tasks/task-store.ts';
import { everythingIn } from '../../support/everything-in.ts';
import { useTemporaryDirectory } from '../../support/temporary-directory.ts';

const temporary = useTemporaryDirectory();
const secret = 'call anna@example.org';

describe('a TaskStore on SQLite', () => {
  let client: SqlClient;
  let database: Awaited<ReturnType<typeof openDatabase>>;
  let path: string;

  beforeEach(async () => {
    path = temporary.newPath();
    database = await openDatabase(`file:${path}`, {
      wrapClient(bare) {
        client = bare;
        return bare;
      },
    });
  });

  afterEach(() => database.close());

  function add(): Promise<unknown> {
    return database.store.add({ title: secret.repeat(20) }).catch((error: unknown) => error);
  }

  it('reports a full disk, continues to read, and writes once there is room', async () => {
    await client.query('PRAGMA max_page_count = 4', []);
    let error: unknown;
    for (let tries = 0; tries < 100 && !(error instanceof Error); tries += 1) error = await add();
    expect(error).toBeInstanceOf(TaskStoreUnavailableError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/disk.* is full/),
      cause: { code: 'SQLITE_FULL' },
    });
    expect(everythingIn(error)).toContain(path);
    expect(everythingIn(error)).not.toContain(secret);
    const { length } = await database.store.list();
    await client.query('PRAGMA max_page_count = 1000', []);
    await database.store.add({ title: 'tea' });
    expect(await database.store.count()).toEqual({ active: length + 1, completed: 0 });
  });

  it('rolls back a transaction that does not fit on the disk', async () => {
    await client.query('PRAGMA max_page_count = 4', []);
    const insert = 'INSERT INTO tasks (title, completed, created_at) VALUES (?, 0, 0)';
    const transaction = client.transaction(async (transaction) => {
      for (;;) await transaction.query(insert, [secret.repeat(20)]);
    });
    await expect(transaction).rejects.toMatchObject({ code: 'SQLITE_FULL' });
    expect(await database.store.list()).toEqual([]);
    await database.store.add({ title: 'tea' });
  });

  it('reports a read-only file and continues to read', async () => {
    const task = await database.store.add({ title: 'milk' });
    await client.query('PRAGMA query_only = ON', []);
    const error = await add();
    expect(error).toBeInstanceOf(TaskStoreUnavailableError);
    expect(error).toMatchObject({ message: expect.stringContaining(`${path} is read-only`) });
    expect(everythingIn(error)).not.toContain(secret);
    expect(await database.store.list()).toEqual([task]);
  });

  it('reveals no title in the error of a query that is refused or throws', async () => {
    await client.query('DROP TABLE tasks', []);
    const refused = await add();
    expect(everythingIn(refused)).toContain('no such table: tasks');
    expect(everythingIn(refused)).not.toContain(secret);

    const broken: SqlClient = {
      ...client,
      query: () => Promise.reject(new RangeError('driver broken')),
    };
    const thrown = await createSqliteTaskStore(broken)
      .add({ title: secret })
      .catch((error: unknown) => error);
    expect(everythingIn(thrown)).toContain('driver broken');
    expect(everythingIn(thrown)).not.toContain(secret);
  });

  it('sends titles as parameters, never in the text of a statement', async () => {
    const statements: string[] = [];
    const store = createSqliteTaskStore({
      ...client,
      query(sql, params) {
        statements.push(sql);
        return client.query(sql, params);
      },
    });
    const { id } = await store.add({ title: secret });
    await store.update(id, { title: `${secret}!`, completed: true });
    await store.list();
    await store.remove(id);
    expect(statements).toHaveLength(4);
    expect(statements.join()).not.toContain(secret);
  });

  it('rejects as unavailable after the database is closed', async () => {
    await database.close();
    await expect(database.store.ping()).rejects.toBeInstanceOf(TaskStoreUnavailableError);
  });
});
