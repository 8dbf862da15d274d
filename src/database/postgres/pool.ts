import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import type { Pool, types } from 'pg';
import type { PoolLimits } from '../database.ts';
import type { PostgresLocation } from '../parse-postgres-url.ts';
import { DatabaseOpenError } from '../sql-client.ts';

/** The driver stops waiting for a server that does not end a statement itself by then. */
const SERVER_DELAY_MS = 2_000;
const KEEP_ALIVE_DELAY_MS = 10_000;

/**
 * Creates a pool that opens connections as they are needed, and keeps them.
 * @throws DatabaseOpenError when a certificate cannot be read
 */
export async function createPool(location: PostgresLocation, limits: PoolLimits): Promise<Pool> {
  // Loaded lazily, so that a program with SQLite does not pay for the driver.
  const pg = await import('pg');
  const statementTimeoutMs = finite(limits.statementTimeoutMs);
  const getTypeParser: typeof types.getTypeParser = (oid, format) =>
    oid === pg.types.builtins.INT8 ? parseInteger : pg.types.getTypeParser(oid, format);
  const pool = new pg.Pool({
    host: location.host,
    port: location.port,
    database: location.database,
    user: location.user,
    password: location.password,
    ssl: readTls(location),
    application_name: location.applicationName,
    options: location.options,
    max: limits.size,
    connectionTimeoutMillis: finite(limits.timeoutMs),
    idleTimeoutMillis: 0,
    // The server also ends a transaction whose process hangs: others wait for it.
    ...(statementTimeoutMs > 0 && {
      statement_timeout: statementTimeoutMs,
      idle_in_transaction_session_timeout: statementTimeoutMs,
      query_timeout: statementTimeoutMs + SERVER_DELAY_MS,
    }),
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
    types: { getTypeParser },
  });
  // A lost connection is replaced at the next statement. Without a listener it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (connection) => connection.on('error', () => {}));
  return pool;
}

/** Returns the driver's form of a limit, in which 0 means none. */
function finite(millis: number): number {
  return Number.isFinite(millis) ? millis : 0;
}

/** Parses an 8-byte integer, which the driver would leave as a string. */
function parseInteger(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** Returns the options of TLS; false without it. */
function readTls({ host, tlsMode, tlsFiles }: PostgresLocation): ConnectionOptions | false {
  // As in libpq, no mode applies to a Unix socket.
  if (tlsMode === 'disable' || host.startsWith('/')) return false;
  const { ca, cert, key } = tlsFiles;
  // As in libpq, `require` verifies the certificate if there is a file to verify it with.
  const verifiesCertificate = tlsMode !== 'require' || ca !== undefined;
  return {
    rejectUnauthorized: verifiesCertificate,
    ...(tlsMode !== 'verify-full' && { checkServerIdentity: () => undefined }),
    ...(ca !== undefined && { ca: readPem(ca) }),
    ...(cert !== undefined && { cert: readPem(cert) }),
    ...(key !== undefined && { key: readPem(key) }),
  };
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DatabaseOpenError(
      `The certificate file ${path} cannot be read (${reason}). Check the path and its permissions.`,
      { cause },
    );
  }
}
