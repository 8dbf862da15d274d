import { createHash } from 'node:crypto';
import type { Pool, PoolClient, QueryArrayResult } from 'pg';
import type { PostgresLocation } from '../parse-postgres-url.ts';
import { isSqlParameter, type QueryOperation, type SqlClient, SqlError } from '../sql-client.ts';
import { describeLocation, fromPostgresError, isConnectionLost } from './errors.ts';
import { Turns } from './turns.ts';

/** Number of callers per connection that may wait for one. */
const MAX_WAITING_PER_CONNECTION = 100;

/** Key of the advisory lock that a transaction holds: "todo" in ASCII. */
const TRANSACTION_LOCK = 0x746f646f;
const BEGIN = `BEGIN; SELECT pg_advisory_xact_lock(${TRANSACTION_LOCK})`;

/** A client of a connection pool. */
export interface PostgresClient extends SqlClient {
  /** Maximum number of callers that may wait. */
  readonly maxWaiting: number;
  /** Time that a caller may wait, in milliseconds; 0 = unlimited. */
  readonly waitTimeoutMillis: number;
  /** Returns true if the next caller does not have to wait until another one gives a connection back. */
  hasFreeConnection(): boolean;
}

/** Creates a client of a connection pool, which it closes. Its statements run concurrently. */
export function createPostgresClient(pool: Pool, location: PostgresLocation): PostgresClient {
  const database = describeLocation(location);
  const maxWaiting = pool.options.max * MAX_WAITING_PER_CONNECTION;
  const waitTimeoutMillis = pool.options.connectionTimeoutMillis ?? 0;
  // Transactions wait for each other without a connection. With one, they would leave none to read by.
  const turns = new Turns();
  let closing: Promise<void> | undefined;

  async function checkOut(): Promise<Connection> {
    if (closing !== undefined) {
      const message = `The ${database} is closed.`;
      throw new SqlError(message, { kind: 'unavailable', code: 'CLOSED' });
    }
    if (pool.waitingCount >= maxWaiting) throw tooManyCallers();
    try {
      return new Connection(await pool.connect(), location);
    } catch (error) {
      throw fromPostgresError(error, location);
    }
  }

  function tooManyCallers(): SqlError {
    const message = `Too many callers wait for a connection to the ${database}. Try again shortly, or raise DATABASE_POOL_SIZE.`;
    return new SqlError(message, { kind: 'busy', code: 'POOL_FULL' });
  }

  async function takeTurn(): Promise<() => void> {
    if (turns.waiting >= maxWaiting) throw tooManyCallers();
    const end = await turns.take(waitTimeoutMillis);
    if (end !== undefined) return end;
    const message = `Other changes to the ${database} take too long. Try again shortly.`;
    throw new SqlError(message, { kind: 'busy', code: 'POOL_TIMEOUT' });
  }

  return {
    system: 'postgresql',
    namespace: location.database,
    maxWaiting,
    waitTimeoutMillis,
    hasFreeConnection: () =>
      pool.totalCount - pool.idleCount + pool.waitingCount < pool.options.max,
    async query(sql, params, operation) {
      const connection = await checkOut();
      try {
        return (await connection.run(sql, params, operation)).rows;
      } finally {
        connection.release();
      }
    },
    async transaction(work) {
      const endTurn = await takeTurn();
      try {
        return await runTransaction(await checkOut(), work);
      } finally {
        endTurn();
      }
    },
    close() {
      closing ??= pool.end();
      return closing;
    },
  };
}

async function runTransaction<T>(
  connection: Connection,
  work: (transaction: Pick<SqlClient, 'query'>) => Promise<T>,
): Promise<T> {
  let hasEnded = false;
  try {
    await connection.run(BEGIN, []);
    const result = await work({
      async query(sql, params, operation) {
        if (hasEnded) throw refusal('This transaction has ended. Await its statements inside it.');
        return (await connection.run(sql, params, operation)).rows;
      },
    });
    hasEnded = true;
    const { command } = await connection.run('COMMIT', []);
    if (command === 'ROLLBACK') throw refusal('A failed statement has undone its transaction.');
    return result;
  } catch (error) {
    hasEnded = true;
    await connection.rollBack();
    throw error;
  } finally {
    connection.release();
  }
}

function refusal(message: string): SqlError {
  return new SqlError(message, { kind: 'refused', code: '25000' });
}

/** Names of prepared statements, by their texts. */
const statementNames = new Map<string, string>();

/** Returns a name that no other text has, even if a pooler shares connections between programs. */
function nameOf(sql: string): string {
  let name = statementNames.get(sql);
  if (name === undefined) {
    name = createHash('sha256').update(sql).digest('hex').slice(0, 32);
    statementNames.set(sql, name);
  }
  return name;
}

/** A connection that has been taken from the pool. */
class Connection {
  readonly #connection: PoolClient;
  readonly #location: PostgresLocation;
  #isLost = false;

  constructor(connection: PoolClient, location: PostgresLocation) {
    this.#connection = connection;
    this.#location = location;
  }

  /** Runs a statement, which is prepared if it has an operation. */
  async run(
    sql: string,
    params: readonly unknown[],
    operation?: QueryOperation,
  ): Promise<QueryArrayResult<unknown[]>> {
    if (!params.every(isSqlParameter)) {
      throw new TypeError(
        'PostgreSQL takes strings, numbers, bigints, null and bytes as parameters.',
      );
    }
    const name = operation && nameOf(sql);
    const query = { text: sql, values: [...params], rowMode: 'array', name, operation } as const;
    try {
      return await this.#connection.query<unknown[]>(query);
    } catch (error) {
      this.#isLost ||= isConnectionLost(error);
      throw fromPostgresError(error, this.#location);
    }
  }

  /** Rolls back a transaction, unless the server does so because the connection is lost. */
  async rollBack(): Promise<void> {
    // A failure has set #isLost, and the caller has an error to report already.
    if (!this.#isLost) await this.run('ROLLBACK', []).catch(() => {});
  }

  /** Gives the connection back to the pool, which replaces a lost one. */
  release(): void {
    this.#connection.release(this.#isLost);
  }
}
