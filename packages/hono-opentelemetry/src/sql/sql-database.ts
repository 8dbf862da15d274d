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
export function postgresql(namespace?: string, address?: string, port?: unknown): SqlDatabase {
  return {
    system: 'postgresql',
    dialect: STANDARD_SQL,
    namespace,
    address,
    port: Number(port) === 5432 ? undefined : Number(port),
  };
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
