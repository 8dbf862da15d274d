import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import {
  DatabaseOpenError,
  isSqlParameter,
  type SqlClient,
  SqlError,
  type SqlErrorKind,
} from '../sql-client.ts';
import { fromSqliteError } from './errors.ts';

const MAX_CACHED_STATEMENTS = 100;
const RETRY_TIMEOUT_MS = 2_000;
const MAX_PAUSE_MS = 50;

/**
 * Opens a SQLite file, or `:memory:`. Creates the file if it does not exist.
 *
 * Runs on `node:sqlite`: Node from 22.16 (rows as arrays), Bun from 1.4, Deno from 2.2. A committed
 * statement survives a crash of the process. A power cut may lose the last statements, but never damages
 * the file (WAL, synchronous=NORMAL).
 *
 * @param check refuses a file by throwing, before anything is written to it
 * @throws DatabaseOpenError
 */
export async function openSqlite(
  path: string,
  check?: (client: SqlClient) => Promise<void>,
): Promise<SqlClient> {
  // Loaded lazily, so that an older Node gets as far as the program's message about its version.
  const { DatabaseSync } = await import('node:sqlite');
  const file = path === ':memory:' ? path : resolve(path);
  let client: SqlClient | undefined;
  try {
    client = createSqliteClient(new DatabaseSync(file), file);
    await client.query('PRAGMA busy_timeout = 0', []);
    await check?.(client);
    await client.query('PRAGMA journal_mode = WAL', []);
    await client.query('PRAGMA synchronous = NORMAL', []);
    return client;
  } catch (error) {
    await client?.close();
    throw new DatabaseOpenError(explainFailure(error, file), { cause: error });
  }
}

function explainFailure(error: unknown, file: string): string {
  if (error instanceof SqlError) return error.message;
  if (error instanceof DatabaseOpenError) {
    return `The database ${file} cannot be used. ${error.message}`;
  }
  const directory = dirname(file);
  if (isMissing(directory)) {
    return `The database ${file} cannot be created: the directory ${directory} does not exist. Create it first.`;
  }
  const reason = error instanceof Error ? error.message : String(error);
  return `The database ${file} cannot be opened (${reason}). Use a file that this user may write.`;
}

function isMissing(directory: string): boolean {
  try {
    return !existsSync(directory);
  } catch {
    // Deno throws without the permission to read the directory, which also explains the failure.
    return false;
  }
}

function createSqliteClient(database: DatabaseSync, file: string): SqlClient {
  const statements = new Map<string, StatementSync>();
  let isClosed = false;
  let transactionEnd: Promise<void> | undefined;

  function prepare(sql: string): StatementSync {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    statement.setReturnArrays(true);
    if (statements.size >= MAX_CACHED_STATEMENTS) {
      const [oldest] = statements.keys();
      if (oldest !== undefined) statements.delete(oldest);
    }
    statements.set(sql, statement);
    return statement;
  }

  function run(sql: string, params: readonly unknown[]): unknown[][] {
    if (isClosed) throw misuse('unavailable', `The database ${file} is closed.`);
    if (!params.every(isSqlParameter)) {
      throw new TypeError('SQLite takes strings, numbers, bigints, null and bytes as parameters.');
    }
    try {
      // The types do not reflect setReturnArrays().
      return prepare(sql).all(...params) as unknown as unknown[][];
    } catch (error) {
      throw fromSqliteError(error, file);
    }
  }

  /** Calls `act` when no transaction runs, without an await in between in which one could start. */
  async function whenFree<T>(act: () => T): Promise<T> {
    while (transactionEnd !== undefined) await transactionEnd;
    return act();
  }

  function begin(): () => void {
    run('BEGIN IMMEDIATE', []);
    const { promise, resolve } = Promise.withResolvers<void>();
    transactionEnd = promise;
    return () => {
      transactionEnd = undefined;
      resolve();
    };
  }

  function close(): void {
    if (isClosed) return;
    isClosed = true;
    statements.clear();
    database.close();
  }

  return {
    system: 'sqlite',
    async query(sql, params) {
      return retryWhileBusy(() => whenFree(() => run(sql, params)));
    },
    async transaction(work) {
      const end = await retryWhileBusy(() => whenFree(begin));
      let hasEnded = false;
      async function query(sql: string, params: readonly unknown[]): Promise<unknown[][]> {
        return retryWhileBusy(() => {
          if (hasEnded) {
            throw misuse('refused', 'This transaction has ended. Await its statements inside it.');
          }
          return run(sql, params);
        });
      }
      try {
        const result = await work({ query });
        hasEnded = true;
        await retryWhileBusy(() => run('COMMIT', []));
        return result;
      } catch (error) {
        hasEnded = true;
        // SQLite rolls back by itself when the disk is full.
        if (database.isTransaction) run('ROLLBACK', []);
        throw error;
      } finally {
        end();
      }
    },
    close: () => whenFree(close),
  };
}

function misuse(kind: SqlErrorKind, message: string): SqlError {
  return new SqlError(message, { kind, code: 'SQLITE_MISUSE' });
}

/**
 * Repeats `attempt` while it fails with a `busy` SqlError, for up to 2 s, and then rethrows the error.
 * The event loop stays free between attempts, unlike with SQLite's own `busy_timeout`.
 */
async function retryWhileBusy<T>(attempt: () => T | Promise<T>): Promise<T> {
  let giveUpAt: number | undefined;
  for (let pause = 1; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof SqlError) || error.kind !== 'busy') throw error;
      giveUpAt ??= performance.now() + RETRY_TIMEOUT_MS;
      if (performance.now() >= giveUpAt) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
