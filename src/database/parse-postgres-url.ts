import { percentDecode } from './percent-decode.ts';
import { DatabaseUrlError } from './sql-client.ts';

const TLS_MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
type TlsMode = (typeof TLS_MODES)[number];

/** The location of a PostgreSQL database, and how to reach it. */
export interface PostgresLocation {
  readonly system: 'postgresql';
  /** A name or an address; or the directory of a Unix socket, which starts with a slash. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password?: string | undefined;
  /** Name of the program in `pg_stat_activity`. */
  readonly applicationName: string;
  /** Command-line options of the session: `-c search_path=todo`. */
  readonly options?: string | undefined;
  /** One of libpq's modes: `require` encrypts, the others also verify the certificate. */
  readonly tlsMode: TlsMode;
  /** Files in PEM format. */
  readonly tlsFiles: {
    readonly ca?: string | undefined;
    readonly cert?: string | undefined;
    readonly key?: string | undefined;
  };
}

/** The `PG*` variables, which apply to what a URL leaves out. */
export type PostgresVariables = Readonly<Record<string, string | undefined>>;

/** The supported parameters of a URL, each with the variable that applies without it. */
const PARAMETERS: Readonly<Record<string, string>> = {
  host: 'PGHOST',
  application_name: 'PGAPPNAME',
  options: 'PGOPTIONS',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
};

/** Stands for a host that the URL leaves out, since a parser of URLs requires one after a user. */
const NO_HOST = '.';

const FIX = 'Use postgres://user:password@host:5432/database';

/**
 * Parses `postgres://user:password@host:5432/database?sslmode=verify-full`, with the defaults of libpq.
 * Without `sslmode` the connection is not encrypted.
 *
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
 * @throws DatabaseUrlError which never quotes a possible password
 */
export function parsePostgresUrl(url: string, variables: PostgresVariables = {}): PostgresLocation {
  const { username, password, hostname, port, pathname, searchParams } = parseUrl(url);
  for (const name of searchParams.keys()) {
    if (!Object.hasOwn(PARAMETERS, name)) {
      const supported = Object.keys(PARAMETERS).join(', ');
      throw new DatabaseUrlError(
        `The database URL has the parameter ${JSON.stringify(name)}. Remove it; these are supported: ${supported}.`,
      );
    }
  }
  /** Returns a value of the URL, or else of the variable. Empty counts as unset. */
  const given = (text: string | null, variable: string) =>
    text || variables[variable]?.trim() || undefined;
  const parameter = (name: string) => given(searchParams.get(name), PARAMETERS[name] ?? '');

  const user = given(percentDecode(username), 'PGUSER') ?? variables.USER;
  if (user === undefined) {
    throw new DatabaseUrlError(`The database URL has no user. ${FIX}, or set PGUSER.`);
  }
  const urlHost = hostname === NO_HOST ? '' : percentDecode(hostname).replace(/^\[(.*)\]$/, '$1');
  const named = searchParams.get('host') || urlHost;
  const host = given(named, 'PGHOST') ?? 'localhost';
  if (host.includes(',')) {
    throw new DatabaseUrlError(
      `${named ? 'The database URL' : 'PGHOST'} lists several hosts. ${FIX}.`,
    );
  }
  return {
    system: 'postgresql',
    host,
    port: parsePort(given(port, 'PGPORT') ?? '5432'),
    database: given(percentDecode(pathname.slice(1)), 'PGDATABASE') ?? user,
    user,
    // Spaces at its ends are part of a password.
    password: percentDecode(password) || variables.PGPASSWORD || undefined,
    applicationName: parameter('application_name') ?? 'todo',
    options: parameter('options'),
    tlsMode: parseTlsMode(parameter('sslmode') ?? 'disable'),
    tlsFiles: {
      ca: parameter('sslrootcert'),
      cert: parameter('sslcert'),
      key: parameter('sslkey'),
    },
  };
}

function parseUrl(url: string): URL {
  try {
    // libpq allows a user without a host, as in `postgres://user@/todo?host=/run/postgresql`.
    return new URL(url.replace(/^([^/]+\/\/[^/]*@)(?=[:/]|$)/, `$1${NO_HOST}`));
  } catch {
    throw new DatabaseUrlError(
      `The database URL cannot be parsed. ${FIX}, with special characters of the password as %40.`,
    );
  }
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port > 0 && port <= 65_535) return port;
  throw new DatabaseUrlError(`PGPORT is ${JSON.stringify(text)}. Use a port from 1 to 65535.`);
}

function parseTlsMode(text: string): TlsMode {
  const mode = TLS_MODES.find((each) => each === text);
  if (mode !== undefined) return mode;
  throw new DatabaseUrlError(
    `The sslmode ${JSON.stringify(text)} is not supported. Use ${TLS_MODES.slice(0, -1).join(', ')} or ${TLS_MODES.at(-1)}.`,
  );
}
