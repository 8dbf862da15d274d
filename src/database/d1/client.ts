import { type SqlClient, SqlError } from '../sql-client.ts';
import { toD1Error } from './errors.ts';

/** The part of a D1 binding that is used here. */
export interface D1Binding {
  prepare(sql: string): D1Statement;
  /** Runs statements in a transaction. */
  batch(statements: D1Statement[]): Promise<{ readonly results: object[] }[]>;
}

interface D1Statement {
  bind(...values: unknown[]): D1Statement;
  /** Returns rows as arrays, in column order. */
  raw(): Promise<unknown[][]>;
}

/** Separates the statements of a batch. */
export const BATCH_SEPARATOR = ';\n';

const UNBOUND = 'No D1 database is bound. Bind one as DB in the Wrangler configuration.';
const UNBOUND_OPTIONS = { kind: 'unavailable', code: 'D1_ERROR' } as const;

/** A client without transactions. A batch is one query: D1 runs its statements with the same parameters. */
export type D1Client = Pick<SqlClient, 'system' | 'query'>;

/**
 * Creates a client of a D1 database. Without a binding, it is unavailable.
 *
 * It has no `transaction()`, because D1 refuses BEGIN: each statement is a transaction, and so is each batch.
 * @param notify receives each reason why the database is unavailable, once
 */
export function createD1Client(
  binding: D1Binding | undefined,
  notify: (message: string) => void,
): D1Client {
  const reported = new Set<string>();

  function report(error: unknown): unknown {
    if (!(error instanceof SqlError) || error.kind !== 'unavailable') return error;
    if (!reported.has(error.message)) notify(error.message);
    reported.add(error.message);
    return error;
  }

  return {
    system: 'sqlite',
    async query(sql, params) {
      if (binding === undefined) throw report(new SqlError(UNBOUND, UNBOUND_OPTIONS));
      try {
        const statements = sql
          .split(BATCH_SEPARATOR)
          .map((statement) => binding.prepare(statement).bind(...params));
        const [first] = statements;
        if (first !== undefined && statements.length === 1) return await first.raw();
        const results = await binding.batch(statements);
        return (results.at(-1)?.results ?? []).map((row) => Object.values(row));
      } catch (error) {
        throw report(toD1Error(error));
      }
    },
  };
}
