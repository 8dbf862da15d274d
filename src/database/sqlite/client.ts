import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { DatabaseOpenError, type SqlClient, SqlError, type SqlErrorKind } from '../sql-client.ts';
import { toSqlError } from './errors.ts';
import { retryWhileBusy } from './retry-while-busy.ts';

const MAX_CACHED_STATEMENTS = 100;

/**
 * Opens a SQLite file, or `:memory:`. Creates the file if it does not exist.
 *
 * Runs on `node:sqlite`: Node from 22.16 (rows as arrays), Bun from 1.4, Deno from 2.2. A committed
 * statement survives the death of the process; one from the last moments before a power cut may be
 * lost, but never damages the file (WAL, synchronous=NORMAL).
 *
 * @throws DatabaseOpenError
 */
export async function openSqlite(path: string): Promise<SqlClient> {
  // Loaded lazily, so that an older Node gets as far as the program's message about its version.
  const { DatabaseSync } = await import('node:sqlite');
  const file = path === ':memory:' ? path : resolve(path);
  let client: SqlClient | undefined;
  try {
    client = createSqliteClient(new DatabaseSync(file), file);
    await client.query('PRAGMA busy_timeout = 0', []);
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
  let closed = false;
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
    if (closed) throw misuse('unavailable', `The database ${file} is closed.`);
    if (!params.every(isBindable)) {
      throw new TypeError('SQLite takes strings, numbers, bigints, null and bytes as parameters.');
    }
    try {
      // The types do not reflect setReturnArrays().
      return prepare(sql).all(...params) as unknown as unknown[][];
    } catch (error) {
      throw toSqlError(error, file);
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
    if (closed) return;
    closed = true;
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
      let ended = false;
      async function query(sql: string, params: readonly unknown[]): Promise<unknown[][]> {
        return retryWhileBusy(() => {
          if (ended) {
            throw misuse('refused', 'This transaction has ended. Await its statements inside it.');
          }
          return run(sql, params);
        });
      }
      try {
        const result = await work({ query });
        ended = true;
        await retryWhileBusy(() => run('COMMIT', []));
        return result;
      } catch (error) {
        ended = true;
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

/** Checks a parameter: Node binds undefined as null, and all runtimes treat objects as named parameters. */
function isBindable(value: unknown): value is SQLInputValue {
  if (value === null || value instanceof Uint8Array) return true;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
}

function misuse(kind: SqlErrorKind, message: string): SqlError {
  return new SqlError(message, { kind, code: 'SQLITE_MISUSE' });
}
