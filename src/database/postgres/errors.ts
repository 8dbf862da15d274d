import type { PostgresLocation } from '../parse-postgres-url.ts';
import { SqlError, type SqlErrorKind } from '../sql-client.ts';

/** An error of the driver, or of the server with its SQLSTATE. */
interface DriverError extends Error {
  readonly code?: unknown;
  readonly constraint?: unknown;
  /** The functions and triggers in which the error occurred. */
  readonly where?: unknown;
}

type Explanation = readonly [kind: SqlErrorKind, explain: (server: string) => string];

const unavailable = (text: string): Explanation => [
  'unavailable',
  (server) => `The ${server} ${text}`,
];
const busy = (text: string): Explanation => ['busy', (server) => `The ${server} ${text}`];

/**
 * Human-readable reasons by SQLSTATE, or by its class of two characters. Any other code means a refused
 * statement.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  '08': unavailable('lost the connection. Try again shortly.'),
  '25006': unavailable('is read-only. Use the primary server, not a standby.'),
  '25P03': busy('ended a transaction that was idle for too long. Try again shortly.'),
  '28P01': unavailable('does not accept the user or the password. Check both in the database URL.'),
  '28': unavailable(
    'does not accept this login. Check the user and sslmode in the database URL, and pg_hba.conf of the server.',
  ),
  '3D000': unavailable('does not exist. Create it first, for example with createdb.'),
  '3F000': unavailable(
    'has no schema for its tables. Create it, or check search_path in the options of the database URL.',
  ),
  '40001': busy('could not serialize a transaction. Try again shortly.'),
  '40P01': busy('found a deadlock. Try again shortly.'),
  '53100': unavailable('has a full disk. Free some space and try again.'),
  '53200': unavailable('is out of memory. Try again shortly.'),
  '53300': unavailable(
    'has no connection left. Raise its max_connections, or lower DATABASE_POOL_SIZE.',
  ),
  '55P03': busy('is locked by another program. Try again shortly.'),
  '57014': busy('canceled a statement. Raise DATABASE_STATEMENT_TIMEOUT if it took too long.'),
  '57P05': busy('ended a connection that was idle for too long. Try again shortly.'),
  '57P': unavailable('is stopping, starting or recovering. Try again shortly.'),
  '58': unavailable('has a problem with its disk. Check its log.'),
};

/** SQLSTATE of a protocol violation, and of all errors that PgBouncer has itself. They quote no values. */
const POOLER = '08P01';
/** SQLSTATEs of a login that would fail in the same way at the next attempt. */
const LOGIN = /^(?:28|3D|3F)/;
/** Codes of a failed TLS handshake, and of files that cannot be used for it. */
const HANDSHAKE = /^(?:NO_TLS$|ERR_SSL|ERR_OSSL|ERR_BORINGSSL)/;
/** Codes of a certificate that is not accepted, or messages without a code. */
const CERTIFICATE = /cert|SELF_SIGNED|UNABLE_TO_VERIFY/i;

/** Returns true for a failure that may end by itself, while the program runs. */
export function isOutage({ kind, code }: SqlError): boolean {
  const isPermanent = [LOGIN, HANDSHAKE, CERTIFICATE].some((pattern) => pattern.test(code));
  return kind !== 'refused' && !isPermanent;
}

/** Returns the SQLSTATE, which has a digit. Codes of other errors, such as EPIPE, have none. */
function sqlStateOf(error: unknown): string | undefined {
  return /^(?=.*\d)[\dA-Z]{5}$/.exec(String((error as DriverError).code))?.[0];
}

/** Returns true if a connection cannot be used after an error: the server ended it, or is silent. */
export function isConnectionLost(error: unknown): boolean {
  return /^(?:08|25P03|57P)/.test(sqlStateOf(error) ?? '08');
}

/**
 * Turns an error of `pg` into a `SqlError` without a cause: `message`, `detail` and `where` of the server
 * may quote values.
 */
export function fromPostgresError(error: unknown, location: PostgresLocation): unknown {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) {
    return error;
  }
  const server = describeLocation(location);
  const state = sqlStateOf(error);
  if (state === undefined) return connectionError(error, server);
  if (state === POOLER) {
    const message = `The ${server} refuses the connection (${error.message}). Check the settings of PgBouncer.`;
    return new SqlError(message, { kind: 'unavailable', code: state });
  }
  const [kind, explain] =
    EXPLANATIONS[state] ?? EXPLANATIONS[state.slice(0, 3)] ?? EXPLANATIONS[state.slice(0, 2)] ?? [];
  if (kind && explain) return new SqlError(explain(server), { kind, code: state });
  return new SqlError(`PostgreSQL refused a statement: ${reasonOf(error, state)}.`, {
    kind: 'refused',
    code: state,
  });
}

/** Returns the reason of a refusal without values. */
function reasonOf(error: DriverError, state: string): string {
  // Found before parameters are read: syntax, names, types, privileges. A trigger may quote a row in them.
  if (state.startsWith('42') && error.where === undefined) return error.message;
  return `SQLSTATE ${state}${error.constraint ? ` in constraint "${error.constraint}"` : ''}`;
}

/** Describes a failure of the connection, of which the driver has a code of the system or only a message. */
function connectionError(error: DriverError, server: string): SqlError {
  const code = typeof error.code === 'string' ? error.code : undefined;
  if (error.message === 'timeout exceeded when trying to connect') {
    const message = `All connections to the ${server} are in use. Try again shortly, or raise DATABASE_POOL_SIZE.`;
    return new SqlError(message, { kind: 'busy', code: 'POOL_TIMEOUT' });
  }
  const reason = code ?? error.message;
  if (error.message.includes('client password must be')) {
    const message = `The ${server} needs a password. Add it to the database URL, or set PGPASSWORD.`;
    return new SqlError(message, { kind: 'unavailable', code: '28P01' });
  }
  if (error.message === 'The server does not support SSL connections') {
    const message = `The ${server} has no TLS. Set it up in the server, or use sslmode=disable.`;
    return new SqlError(message, { kind: 'unavailable', code: 'NO_TLS' });
  }
  if (HANDSHAKE.test(reason)) {
    const message = `TLS to the ${server} fails (${reason}). Check sslmode, sslrootcert, sslcert and sslkey in the database URL.`;
    return new SqlError(message, { kind: 'unavailable', code: reason });
  }
  if (CERTIFICATE.test(reason)) {
    const message = `The certificate of the ${server} is not accepted (${reason}). Check sslmode and sslrootcert in the database URL.`;
    return new SqlError(message, { kind: 'unavailable', code: code ?? 'CERTIFICATE' });
  }
  const message = `The ${server} cannot be reached (${reason}). Start it, or check the database URL.`;
  return new SqlError(message, { kind: 'unavailable', code: code ?? 'CONNECTION_LOST' });
}

/** Returns the database, human-readable and without credentials. */
export function describeLocation({ database, host, port }: PostgresLocation): string {
  const server = host.includes(':') ? `[${host}]` : host;
  return `PostgreSQL database ${database} on ${server.startsWith('/') ? server : `${server}:${port}`}`;
}
