import { describe, expect, it } from 'vitest';
import { openSqlite } from '../../../src/database/sqlite/client.ts';
import { testSqlClient } from '../../contracts/sql-client.ts';
import { useTemporaryDirectory } from '../../support/temporary-directory.ts';

const temporary = useTemporaryDirectory();

testSqlClient('openSqlite() on a file', () => openSqlite(temporary.newPath()));
testSqlClient('openSqlite() in memory', () => openSqlite(':memory:'));

describe('openSqlite()', () => {
  it('sets WAL, synchronous=NORMAL and foreign keys, but no busy timeout', async () => {
    const client = await openSqlite(temporary.newPath());
    expect(await client.query('PRAGMA journal_mode', [])).toEqual([['wal']]);
    expect(await client.query('PRAGMA synchronous', [])).toEqual([[1]]);
    expect(await client.query('PRAGMA foreign_keys', [])).toEqual([[1]]);
    expect(await client.query('PRAGMA busy_timeout', [])).toEqual([[0]]);
    await client.close();
  });

  it('keeps its data when it is opened again', async () => {
    const path = temporary.newPath();
    const first = await openSqlite(path);
    await first.query('CREATE TABLE notes (body TEXT)', []);
    await first.query('INSERT INTO notes VALUES (?)', ['milk']);
    await first.close();
    const second = await openSqlite(path);
    expect(await second.query('SELECT body FROM notes', [])).toEqual([['milk']]);
    await second.close();
  });

  it('evicts old statements: more statements than it caches still work', async () => {
    const client = await openSqlite(':memory:');
    const numbers = Array.from({ length: 250 }, (_, index) => index);
    for (const number of [...numbers, ...numbers]) {
      expect(await client.query(`SELECT ${number}`, [])).toEqual([[number]]);
    }
    await client.close();
  });

  it.each([
    ['undefined', undefined],
    ['true', true],
    ['a Date', new Date()],
    ['an object', { secret: 1 }],
  ])('refuses %s as a parameter, on every runtime', async (_, value) => {
    const client = await openSqlite(':memory:');
    await expect(client.query('SELECT ?', [value])).rejects.toBeInstanceOf(TypeError);
    await client.close();
  });
});
