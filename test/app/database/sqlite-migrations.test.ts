import { describe, expect, it } from 'vitest';
import { openSqlite } from '../../../src/database/sqlite/client.ts';
import { migrateSqlite } from '../../../src/database/sqlite/migrations.ts';
import { useTemporaryDirectory } from '../../support/temporary-directory.ts';

const temporary = useTemporaryDirectory();
const first = ['CREATE TABLE a (x TEXT)', "INSERT INTO a VALUES ('kept')"];
const second = ['ALTER TABLE a ADD COLUMN y TEXT'];

describe('migrateSqlite()', () => {
  it('takes the steps that are missing, and none twice', async () => {
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

  it('is done once when several connections do it at once', async () => {
    const path = temporary.newPath();
    const clients = await Promise.all([1, 2, 3, 4].map(() => openSqlite(path)));
    await Promise.all(clients.map((client) => migrateSqlite(client, [first, second])));
    for (const client of clients) {
      expect(await client.query('SELECT x, y FROM a', [])).toEqual([['kept', null]]);
      await client.close();
    }
  });
});
