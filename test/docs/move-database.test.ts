import { spawnSync } from 'node:child_process';
import { env } from 'node:process';
import { expect, test } from 'vitest';
import { openDatabase } from '../../src/database/open.ts';
import { noPostgres, startPostgres } from '../support/database-servers.ts';
import { useTemporaryDirectory } from '../support/temporary-directory.ts';
import { readBlocks } from './page.ts';

const TITLES = ['milk', 'one\n\\.\ntwo', '\\.', '"a", b\r\n\tc\\n', "d'été 🥛", 'deleted'];

const temporary = useTemporaryDirectory();
const missing =
  noPostgres ??
  ['sqlite3', 'psql']
    .filter((tool) => spawnSync(tool, ['--version']).error)
    .map((tool) => `${tool} is not installed`)[0];

test('docs/database.md moves all tasks from SQLite to PostgreSQL, and no ID is used twice', async ({
  skip,
}) => {
  skip(missing !== undefined, missing);
  const block = readBlocks('docs/database.md').find(({ code }) => code.includes('sqlite3'));
  const server = await startPostgres();
  const url = `postgres://test@127.0.0.1:${server.port}`;
  await server.run(`${url}/postgres`, 'CREATE DATABASE todo');
  const older = await openDatabase(`file:${temporary.path}/tasks.db`);
  const newer = await openDatabase(`${url}/todo`);

  const ids: number[] = [];
  for (const title of TITLES) ids.push((await older.store.add({ title, completed: true })).id);
  const last = ids.at(-1) ?? 0;
  await older.store.remove(last);
  const tasks = await older.store.list();
  await older.close();

  const { status, stderr } = spawnSync('sh', ['-e', '-c', block?.code ?? 'exit 1'], {
    cwd: temporary.path,
    encoding: 'utf8',
    env: { PATH: env.PATH, PGHOST: '127.0.0.1', PGPORT: `${server.port}`, PGUSER: 'test' },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(await newer.store.list()).toEqual(tasks);
  expect((await newer.store.add({ title: 'new' })).id).toBe(last + 1);
  await newer.close();
  await server.stop();
});
