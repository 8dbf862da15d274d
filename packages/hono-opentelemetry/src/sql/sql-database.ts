import type { Attributes } from '@opentelemetry/api';
import {
  ATTR_DB_NAMESPACE,
  ATTR_DB_SYSTEM_NAME,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
} from '@opentelemetry/semantic-conventions';
import { type SqlDialect, STANDARD_SQL } from './sql-tokens.ts';

/** The database that statements go to. */
export interface SqlDatabase {
  /** Value of the attribute `db.system.name`. */
  readonly system: string;
  readonly dialect: SqlDialect;
  /** Value of the attribute `db.namespace`. */
  readonly namespace?: string | undefined;
  readonly address?: string | undefined;
  /** The port, unless it is the default one of the system. */
  readonly port?: number | undefined;
}

/** A SQLite database, whichever driver reaches it. */
export const SQLITE: SqlDatabase = { system: 'sqlite', dialect: STANDARD_SQL };

/** Returns a PostgreSQL database, whichever driver reaches it. */
export function postgresql(
  database?: string,
  address?: string,
  port?: unknown,
  schema?: string,
): SqlDatabase {
  return {
    system: 'postgresql',
    dialect: STANDARD_SQL,
    namespace: database && schema ? `${database}|${schema}` : database,
    address,
    port: Number(port) === 5432 ? undefined : Number(port),
  };
}

/**
 * Returns the schema that the options of a session select: `-c search_path=shop`. Without them it depends on
 * the server, which no statement is sent to for this.
 */
export function schemaOf(options: unknown): string | undefined {
  return /search[_-]path\s*=\s*"?([\p{L}_][\p{L}\p{N}_-]*)/u.exec(String(options))?.[1];
}

/** Returns the attributes that all spans of a database have. */
export function databaseAttributes({ system, namespace, address, port }: SqlDatabase): Attributes {
  const attributes: Attributes = { [ATTR_DB_SYSTEM_NAME]: system };
  if (namespace) attributes[ATTR_DB_NAMESPACE] = namespace;
  if (address) attributes[ATTR_SERVER_ADDRESS] = address;
  if (address && port) attributes[ATTR_SERVER_PORT] = port;
  return attributes;
}

/** Members of the errors of drivers. */
interface DriverError {
  /** Result code of node:sqlite. */
  readonly errcode?: unknown;
  /** Number of an error of MySQL. Errors of the network have one as well, but no `sqlState`. */
  readonly errno?: unknown;
  readonly sqlState?: unknown;
  readonly code?: unknown;
  readonly message?: unknown;
}

/** A SQLSTATE, which has a digit, or a result code of SQLite. Other codes are those of the driver itself. */
const STATUS = /^(?=.*\d)[\dA-Z]{5}$|\bSQLITE_\w+/;

/** Returns the status that the database responded with; undefined for errors of the driver itself. */
export function responseStatus(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { errcode, errno, sqlState, code, message } = error as DriverError;
  if (errcode !== undefined || sqlState !== undefined) return String(errcode ?? errno);
  // D1 has only a message: `D1_ERROR: UNIQUE constraint failed: notes.id: SQLITE_CONSTRAINT`.
  return STATUS.exec(String(code ?? message).slice(-60))?.[0];
}

/**
 * Returns the code of a failure outside of the database: `ECONNRESET` of the system, `CONNECT_TIMEOUT` of the
 * driver. Codes such as `ERR_INVALID_ARG_TYPE` say less than the class of the error.
 */
export function driverCode(error: unknown): string | undefined {
  return /^(?!ERR_)[A-Z_]+$/.exec(String((error as DriverError).code))?.[0];
}
