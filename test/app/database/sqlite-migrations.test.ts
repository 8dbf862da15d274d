import { describe, expect, it } from 'vitest';
import { openSqlite } from '../../../src/database/sqlite/client.ts';
import { migrateSqlite, refuseForeignFile } from '../../../src/database/sqlite/migrations.ts';
import { useTemporaryDirectory } from '../../support/temporary-directory.ts';

const temporary = useTemporaryDirectory();
const first = ['CREATE TABLE a (x TEXT)', "INSERT INTO a VALUES ('kept')"];
const second = ['ALTER TABLE a ADD COLUMN y TEXT'];

describe('migrateSqlite()', () => {
  it('applies each missing step once', async () => {
    const client = await openSqlite(':memory:');
    await migrateSqlite(client, [first]);
    await migrateSqlite(client, [first]);
    expect(await client.query('SELECT * FROM a', [])).toEqual([['kept']]);
    await migrateSqlite(client, [first, second]);
    expect(await client.query('SELECT x, y FROM a', [])).toEqual([['kept', null]]);
    expect(await client.query('PRAGMA user_version', [])).toEqual([[2]]);
    await client.close();
  });

  it('leaves the database as it was when a later step fails', async () => {
    const client = await openSqlite(':memory:');
    const migration = migrateSqlite(client, [first, ['CREATE TABLE b (x TEXT)', 'NONSENSE']]);
    await expect(migration).rejects.toThrow('NONSENSE');
    expect(await client.query('SELECT name FROM sqlite_master', [])).toEqual([]);
    expect(await client.query('PRAGMA user_version', [])).toEqual([[0]]);
    await client.close();
  });

  it('is applied once by concurrent connections', async () => {
    const path = temporary.newPath();
    const clients = await Promise.all([1, 2, 3, 4].map(() => openSqlite(path)));
    await Promise.all(clients.map((client) => migrateSqlite(client, [first, second])));
    for (const client of clients) {
      expect(await client.query('SELECT x, y FROM a', [])).toEqual([['kept', null]]);
      await client.close();
    }
  });
});

describe('refuseForeignFile()', () => {
  it.each([
    ['is empty', []],
    ['was migrated', 'migrated'],
    [
      'has the first schema of this program',
      ['CREATE TABLE tasks (id INTEGER, title TEXT, completed INTEGER, created_at INTEGER)'],
    ],
    ['was migrated and has other tables', 'extended'],
  ])('accepts a database that %s', async (_, statements) => {
    const client = await openSqlite(':memory:');
    if (typeof statements === 'string') await migrateSqlite(client);
    else for (const sql of statements) await client.query(sql, []);
    if (statements === 'extended') await client.query('CREATE TABLE replicas (id INTEGER)', []);
    await expect(refuseForeignFile(client)).resolves.toBeUndefined();
    await client.close();
  });

  it.each([
    ['a table of another name', ['CREATE TABLE notes (x TEXT)'], 'the tables "notes"'],
    ['a table of tasks with other columns', ['CREATE TABLE tasks (x TEXT)'], 'the tables "tasks"'],
    [
      'many tables',
      ['a', 'b', 'c', 'd'].map((name) => `CREATE TABLE ${name} (x TEXT)`),
      'the tables "a", "b", "c", …',
    ],
    ['another application ID', ['PRAGMA application_id = 7'], 'the application ID 7'],
  ])('refuses a database with %s', async (_, statements, found) => {
    const client = await openSqlite(':memory:');
    for (const sql of statements) await client.query(sql, []);
    await expect(refuseForeignFile(client)).rejects.toThrow(
      `It belongs to another program: it has ${found}.`,
    );
    await client.close();
  });
});
