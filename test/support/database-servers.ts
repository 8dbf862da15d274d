import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { Client } from 'pg';
import { freePort } from './free-port.ts';
import { waitUntil } from './wait-until.ts';

/** A database server of this test file, on a free port of the loopback interface. */
export interface DatabaseServer {
  readonly port: number;
  stop(): Promise<void>;
}

const POSTGRES = '/usr/lib/postgresql';
const MARIADB = '/usr/sbin/mariadbd';

/** The folder of PostgreSQL's programs, undefined where it is not installed. */
const postgresPath = existsSync(POSTGRES)
  ? readdirSync(POSTGRES)
      .map((version) => join(POSTGRES, version, 'bin'))
      .find((bin) => existsSync(join(bin, 'postgres')))
  : undefined;

/** The reason why tests with PostgreSQL are skipped, undefined if it is installed. */
export const noPostgres = postgresPath ? undefined : 'PostgreSQL is not installed';
/** The reason why tests with MariaDB are skipped, undefined if it is installed. */
export const noMariadb = existsSync(MARIADB) ? undefined : 'MariaDB is not installed';

/** PostgreSQL, with the means to try out its faults. */
export interface PostgresServer extends DatabaseServer {
  /** Creates an empty database. @returns its URL */
  newDatabase(): Promise<string>;
  /** Runs a statement in the database at a URL. */
  run(url: string, statement: string): Promise<void>;
  /** Writes a file of its folder, which it reads when it starts. */
  write(name: string, text: string): void;
  /** Ends the server like a restart does. */
  halt(): Promise<void>;
  /** Starts it again, with the same data and on the same port. */
  resume(): Promise<void>;
}

/**
 * Starts PostgreSQL with an empty database `postgres` and a user `test` without a password.
 * @param settings of postgresql.conf: `max_connections=5`
 * @param files to add to its folder, by name
 */
export async function startPostgres(
  settings: readonly string[] = [],
  files: Readonly<Record<string, string>> = {},
): Promise<PostgresServer> {
  const folder = createFolder('postgres');
  const bin = postgresPath ?? '';
  run('postgres', [join(bin, 'initdb'), '-D', folder, '-U', 'test', '-A', 'trust', '-N']);
  const write = (name: string, text: string) =>
    writePrivately('postgres', join(folder, name), text);
  for (const [name, text] of Object.entries(files)) write(name, text);
  const port = await freePort();
  const options = [
    ...['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', ...settings],
  ].flatMap((setting) => ['-c', setting]);
  const command = [join(bin, 'postgres'), '-D', folder, '-p', `${port}`, ...options];
  let server = await start('postgres', command);
  const url = `postgres://test@127.0.0.1:${port}`;
  let databases = 0;

  async function halt(signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
    const closed = once(server, 'close');
    server.kill(signal);
    await closed;
  }

  return {
    port,
    halt,
    async resume() {
      server = await start('postgres', command);
    },
    async newDatabase() {
      databases += 1;
      await runStatement(`${url}/postgres`, `CREATE DATABASE test${databases}`);
      return `${url}/test${databases}`;
    },
    run: runStatement,
    write,
    async stop() {
      // The signal lets connections close that drivers have ended already.
      if (server.exitCode === null) await halt('SIGTERM');
      rmSync(folder, { recursive: true });
    },
  };
}

async function runStatement(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** Starts MariaDB with an empty database `test`. Every user may connect without a password. */
export async function startMariadb(): Promise<DatabaseServer> {
  const folder = createFolder('mysql');
  run('mysql', [
    'mariadb-install-db',
    ...['--no-defaults', `--datadir=${folder}`, '--auth-root-authentication-method=normal'],
  ]);
  const port = await freePort();
  const server = await start('mysql', [
    MARIADB,
    ...['--no-defaults', `--datadir=${folder}`, `--port=${port}`, '--bind-address=127.0.0.1'],
    ...[`--socket=${folder}/socket`, '--skip-grant-tables', '--innodb-flush-log-at-trx-commit=0'],
  ]);
  return {
    port,
    async stop() {
      const closed = once(server, 'close');
      server.kill('SIGTERM');
      await closed;
      rmSync(folder, { recursive: true });
    },
  };
}

function createFolder(user: string): string {
  const folder = mkdtempSync(join(tmpdir(), `${user}-`));
  if (getuid?.() === 0) spawnSync('chown', [user, folder]);
  return folder;
}

/** Writes a file that only a user may read, as PostgreSQL requires of its key. */
function writePrivately(user: string, path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
  if (getuid?.() === 0) spawnSync('chown', [user, path]);
}

/** Returns a command without root privileges: database servers refuse to run as root. */
function unprivileged(user: string, command: readonly string[]): [string, string[]] {
  const [program = '', ...args] = command;
  if (getuid?.() !== 0) return [program, args];
  return ['setpriv', [`--reuid=${user}`, `--regid=${user}`, '--clear-groups', program, ...args]];
}

function run(user: string, command: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(...unprivileged(user, command), {
    encoding: 'utf8',
    cwd: tmpdir(),
  });
  if (status !== 0) throw new Error(`${command[0]} failed: ${stdout}${stderr}`);
}

/** Starts a server and waits until it accepts connections. */
async function start(user: string, command: readonly string[]): Promise<ChildProcess> {
  const server = spawn(...unprivileged(user, command), {
    cwd: tmpdir(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  server.stderr?.on('data', (text) => {
    output += text;
  });
  await waitUntil(
    () => /ready (?:to accept|for) connections/.test(output),
    30_000,
    () => output,
  );
  return server;
}
