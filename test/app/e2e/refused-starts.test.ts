import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSqlite } from '../../../src/database/sqlite/client.ts';
import { runApp } from '../../support/spawned-app.ts';
import { useTemporaryDirectory } from '../../support/temporary-directory.ts';

const temporary = useTemporaryDirectory();
const directory = temporary.newPath();
const text = temporary.newPath();
const newer = temporary.newPath();

const holder = createServer();
let port = 0;

beforeAll(async () => {
  await once(holder.listen(0, '127.0.0.1'), 'listening');
  ({ port } = holder.address() as AddressInfo);
  mkdirSync(directory);
  writeFileSync(
    text,
    'A file that is no database, and long enough for SQLite to notice. '.repeat(20),
  );
  const client = await openSqlite(newer);
  await client.query('PRAGMA user_version = 999', []);
  await client.close();
});
afterAll(() => void holder.close());

/** Runs a program that refuses to start, and expects nothing but its reason on stderr. */
async function refusal(args: string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await runApp({ args, env });
  expect(stdout).toBe('');
  expect(stderr).not.toMatch(/^\s+at |Error:|Listening|To-Do List/m);
  expect(stderr).toMatch(/^[^\n]+\n$/);
  return { code, message: stderr.slice(0, -1) };
}

test('a port in use ends the program with 1', async () => {
  expect(await refusal(['-p', String(port)])).toEqual({
    code: 1,
    message: `Port ${port} of 127.0.0.1 is already in use: stop the program that uses it, or choose another port with --port.`,
  });
});

test('an address of another machine ends the program with 1', async () => {
  const { code, message } = await refusal(['--host', '192.0.2.1']);
  expect(code).toBe(1);
  expect(message).toMatch(/^Cannot listen on 192\.0\.2\.1, .* with --host\.$/);
});

test.each([
  ['whose directory does not exist', () => join(temporary.path, 'no/tasks.db'), 'does not exist'],
  ['that is a directory', () => directory, 'Use a file that this user may write'],
  ['that is not a database', () => text, 'is not a SQLite database'],
  ['that a newer program has made', () => newer, 'Its schema has version 999'],
])('a database %s ends the program with 1', async (_, path, reason) => {
  const { code, message } = await refusal(['--database', `file:${path()}`]);
  expect(code).toBe(1);
  expect(message).toContain(path());
  expect(message).toContain(reason);
  expect(message.split('\n')).toHaveLength(1);
});

test('a database URL of another scheme ends the program with 2, without its password', async () => {
  const { code, message } = await refusal([], { DATABASE_URL: 'mysql://me:hunter2@host/tasks' });
  expect(code).toBe(2);
  expect(message).toMatch(/^The database scheme mysql: is not supported\. Use file:tasks\.db/);
  expect(message).not.toContain('hunter2');
});

test.each([
  [
    'an unknown flag',
    ['--trace_exporter', 'console'],
    {},
    /^--trace_exporter: unknown flag; did you mean --traces_exporter\? /,
  ],
  ['an unknown short flag', ['-q'], {}, /^-q: unknown flag; --help lists all flags$/],
  ['a word that is not a command', ['console'], {}, /^"console": unknown command; /],
  ['a flag without its value', ['--service_name'], {}, /^--service_name: the value is missing; /],
  [
    'a port that is none',
    ['-p', '70000'],
    {},
    /^--port: "70000" is out of range; use a whole number from 0 to 65535$/,
  ],
  [
    'a proxy that is no address',
    [],
    { TRUSTED_PROXIES: '10.0.0.0/8, proxy' },
    /^TRUSTED_PROXIES: ".*" has "proxy", which is not an address; /,
  ],
  [
    'an allowed host with a port',
    [],
    { ALLOWED_HOSTS: 'todo.example,todo.example:8080' },
    /^ALLOWED_HOSTS: ".*" has "todo\.example:8080", which is not a host; /,
  ],
  [
    'a kind of forwarding headers that does not exist',
    [],
    { PROXY_HEADER: 'X-Real-IP' },
    /^PROXY_HEADER: "X-Real-IP" is not a known value; use x-forwarded or forwarded$/,
  ],
  [
    'an origin with a path',
    [],
    { API_ALLOWED_ORIGINS: 'https://a.example,https://b.example/app' },
    /^API_ALLOWED_ORIGINS: ".*" has "https:.*app", which is not an origin; use https:/,
  ],
])('%s ends the program with 2', async (_, args, env, expected) => {
  const { code, message } = await refusal(args, env);
  expect(code).toBe(2);
  expect(message).toMatch(expected);
});
