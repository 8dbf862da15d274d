import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
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

  it('gives the store the wrapped client, and only once the schema is there', async () => {
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
    const database = await openDatabase(':memory:', spy);
    expect(seen).toEqual([]);
    await database.store.add({ title: 'milk' });
    await database.close();
    expect(seen).toEqual([expect.stringMatching(/^insert into "tasks"/)]);
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

  it('names a directory that stands where the file should', async () => {
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

  it('names a database whose tables are of another program', async () => {
    const path = temporary.newPath();
    const client = await openSqlite(path);
    await client.query('CREATE TABLE tasks (whatever TEXT)', []);
    await client.close();
    const { message } = await failureOf(`file:${path}`);
    expect(message).toContain(path);
    expect(message).toContain('table tasks already exists');
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
