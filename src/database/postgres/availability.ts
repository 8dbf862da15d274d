import { DatabaseOpenError, type SqlClient, SqlError } from '../sql-client.ts';
import type { PostgresClient } from './client.ts';
import { isOutage } from './errors.ts';
import { settlesWithin } from './settles-within.ts';

/** Time between two equal reports, so that a flapping server does not fill the log. */
const REPORT_INTERVAL_MS = 60_000;

/** SQLSTATEs of a missing table, column or function. */
const SCHEMA_MISSING = /^42(?:P01|703|883)$/;
/** SQLSTATEs of a server that is read-only or has a full disk. It still runs queries. */
const READ_ONLY = /^(?:25006|53100)$/;

const PING = 'SELECT id FROM tasks LIMIT 1';
const PING_OPERATION = { name: 'SELECT', collection: 'tasks' };

/** A client of a database that may be out of reach, also when the program starts. */
export interface AvailabilityClient extends SqlClient {
  /** Migrates the database if its server can be reached. Rejects if the database cannot be used. */
  start(): Promise<void>;
  /**
   * Rejects if the database is out of reach. While all connections are in use, the result is that of the
   * last statement: another one would only wait.
   */
  ping(): Promise<void>;
}

/**
 * Returns a client that migrates the database before its first statement. When that fails, the statement
 * fails and the next one tries again. A migration that runs has the limits of the pool for its callers.
 * It runs again if a table is missing later: after a failover or a restore, the database can be an older one.
 * Reports when the database gets out of reach, and when it is back.
 */
export function migrateBeforeUse(
  client: PostgresClient,
  migrate: () => Promise<void>,
  notify: (message: string) => void,
): AvailabilityClient {
  let migrating: Promise<void> | undefined;
  let isMigrated = false;
  let waiting = 0;
  let isClosed = false;
  const outages = createOutages((message) => {
    if (!isClosed) notify(message);
  });

  /** Starts the migration, unless it runs. It goes on after its callers have stopped waiting. */
  async function waitUntilMigrated(): Promise<void> {
    if (waiting >= client.maxWaiting) throw notMigrated('POOL_FULL');
    migrating ??= attempt(migrateOnce).finally(() => {
      migrating = undefined;
    });
    waiting++;
    try {
      const isInTime = await settlesWithin(migrating, client.waitTimeoutMillis);
      if (!isInTime) throw notMigrated('POOL_TIMEOUT');
    } finally {
      waiting--;
    }
  }

  async function migrateOnce(): Promise<void> {
    await migrate();
    isMigrated = true;
  }

  async function attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work();
      outages.end();
      return result;
    } catch (error) {
      recordFailure(error);
      throw error;
    }
  }

  function recordFailure(error: unknown): void {
    if (error instanceof DatabaseOpenError) outages.begin(error);
    if (!(error instanceof SqlError)) return;
    const { code, kind, message } = error;
    if (SCHEMA_MISSING.test(code)) {
      isMigrated = false;
      outages.report(`${message} Migrations run again.`);
    } else if (isMigrated && READ_ONLY.test(code)) {
      outages.report(`${message} Changes get 503 until then.`);
    } else if (kind === 'unavailable') {
      outages.begin(error);
    }
  }

  const query: SqlClient['query'] = async (sql, params, operation) => {
    if (!isMigrated) await waitUntilMigrated();
    return attempt(() => client.query(sql, params, operation));
  };

  return {
    ...client,
    query,
    async start() {
      try {
        await migrateOnce();
      } catch (error) {
        if (!(error instanceof SqlError && isOutage(error))) throw error;
        outages.begin(error);
      }
    },
    async ping() {
      if (!isMigrated || client.hasFreeConnection()) await query(PING, [], PING_OPERATION);
      else if (outages.reason !== undefined) throw outages.reason;
    },
    async transaction(work) {
      if (!isMigrated) await waitUntilMigrated();
      return attempt(() => client.transaction(work));
    },
    close() {
      isClosed = true;
      return client.close();
    },
  };
}

/** The current outage. Reports its begin and end, and does not repeat a message within `REPORT_INTERVAL_MS`. */
interface Outages {
  /** The reason why the database is out of reach, until a statement succeeds. */
  readonly reason: Error | undefined;
  begin(reason: Error): void;
  end(): void;
  /** @returns false if the message has been reported recently */
  report(message: string): boolean;
}

function createOutages(notify: (message: string) => void): Outages {
  let reason: Error | undefined;
  let isReported = false;
  /** Times of the reports, by their messages. */
  const reported = new Map<string, number>();

  function report(message: string): boolean {
    const now = performance.now();
    const isRecent = now - (reported.get(message) ?? Number.NEGATIVE_INFINITY) < REPORT_INTERVAL_MS;
    if (isRecent) return false;
    reported.set(message, now);
    notify(message);
    return true;
  }

  return {
    get reason() {
      return reason;
    },
    begin(error) {
      reason = error;
      if (report(`${error.message} Requests get 503 until then.`)) isReported = true;
    },
    end() {
      if (isReported) notify('The database can be reached again.');
      isReported = false;
      reason = undefined;
    },
    report,
  };
}

function notMigrated(code: string): SqlError {
  const message = 'The database is still being connected or migrated. Try again shortly.';
  return new SqlError(message, { kind: 'busy', code });
}
