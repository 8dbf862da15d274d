import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/database/open.ts';
import type { SqlClient } from '../../../src/database/sql-client.ts';
import { DatabaseOpenError } from '../../../src/database/sql-client.ts';
import { openSqlite } from '../../../src/database/sqlite/client.ts';
import { useTemporaryDirectory } from '../../support/temporary-directory.ts';

const temporary = useTemporaryDirectory();
const isRoot = process.getuid?.() === 0;

async function failureOf(url: string): Promise<DatabaseOpenError> {
  const error = await openDatabase(url).catch((error: unknown) => error);
  if (!(error instanceof DatabaseOpenError)) throw new Error('It opened.', { cause: error });
  return error;
}

describe('openDatabase()', () => {
  it('describes a file and a database in memory', async () => {
    const path = temporary.newPath();
    const file = await openDatabase(`file:${path}`);
    expect(file.description).toBe(`SQLite file ${path}`);
    await file.close();
    const memory = await openDatabase(':memory:');
    expect(memory.description).toContain('memory');
    await memory.close();
    expect(existsSync(path)).toBe(true);
    expect(existsSync(':memory:')).toBe(false);
  });

  it('passes the wrapped client to the store after the schema exists', async () => {
    const seen: string[] = [];
    function spy(client: SqlClient): SqlClient {
      return {
        ...client,
        query(sql, params) {
          seen.push(sql);
          return client.query(sql, params);
        },
      };
    }
    const database = await openDatabase(':memory:', { wrapClient: spy });
    expect(seen).toEqual([]);
    await database.store.add({ title: 'milk' });
    await database.close();
    expect(seen).toEqual([expect.stringMatching(/^insert into "tasks"/)]);
  });

  it('refuses the database of another program and changes nothing in it', async () => {
    const path = temporary.newPath();
    const { DatabaseSync } = await import('node:sqlite');
    const other = new DatabaseSync(path);
    other.exec('CREATE TABLE notes (body TEXT)');
    other.close();
    const before = readFileSync(path);
    expect((await failureOf(`file:${path}`)).message).toBe(
      `The database ${path} cannot be used. It belongs to another program: it has the tables "notes". Use another file, or a new one.`,
    );
    expect(readFileSync(path)).toEqual(before);
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  it('keeps the tasks of an existing database', async () => {
    const url = `file:${temporary.newPath()}`;
    const first = await openDatabase(url);
    const task = await first.store.add({ title: 'milk' });
    await first.close();
    const second = await openDatabase(url);
    expect(await second.store.list()).toEqual([task]);
    await second.close();
  });

  it('names a directory that is missing', async () => {
    const directory = join(temporary.path, 'missing');
    const { message } = await failureOf(`file:${directory}/tasks.db`);
    expect(message).toContain(`${directory}/tasks.db`);
    expect(message).toContain(`the directory ${directory} does not exist`);
  });

  it('names a directory in the place of the file', async () => {
    const path = temporary.newPath();
    mkdirSync(path);
    expect((await failureOf(`file:${path}`)).message).toMatch(`${path} cannot be opened`);
  });

  it('names a file that is not a database, and leaves it as it was', async () => {
    const path = temporary.newPath();
    writeFileSync(path, 'Buy milk. '.repeat(500));
    const { message } = await failureOf(`file:${path}`);
    expect(message).toContain(`${path} is not a SQLite database`);
  });

  it('names a database that is newer than the program', async () => {
    const path = temporary.newPath();
    const client = await openSqlite(path);
    await client.query('PRAGMA user_version = 7', []);
    await client.close();
    const { message } = await failureOf(`file:${path}`);
    expect(message).toContain(path);
    expect(message).toMatch(/version 7\b.* \d\. /);
  });

  it.skipIf(isRoot)(
    'names a file that cannot be written (file modes do not bind root)',
    async () => {
      const path = temporary.newPath();
      await (await openDatabase(`file:${path}`)).close();
      chmodSync(path, 0o444);
      expect((await failureOf(`file:${path}`)).message).toContain(`${path} is read-only`);
    },
  );
});
