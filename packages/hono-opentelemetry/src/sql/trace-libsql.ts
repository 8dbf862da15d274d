import type { Span } from '@opentelemetry/api';
import { safely } from '../safely.ts';
import { countRows } from './count-rows.ts';
import { hasValues } from './has-values.ts';
import { addTraceComment } from './sql-comment.ts';
import { SQLITE } from './sql-database.ts';
import {
  createSqlTracer,
  runStatement,
  type SqlTracer,
  type TraceDriverOptions,
  withSpan,
} from './sql-tracer.ts';
import { startBatch } from './statement-batch.ts';
import { type Replacement, wrapDriver } from './wrap-driver.ts';

/** The part of a client of `@libsql/client` that is traced. */
export interface LibsqlDriver {
  execute(...args: never[]): unknown;
  transaction(...args: never[]): unknown;
}

/** A statement as `execute()` and `batch()` accept it. */
type InStatement =
  | string
  | readonly [sql: string, args?: unknown]
  | { sql: string; args?: unknown };

/**
 * Returns a client of `@libsql/client` that records a CLIENT span and a duration for each statement and
 * each batch. COMMIT and ROLLBACK of interactive transactions count as statements. It has the type of
 * the client.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/
 * @example
 * ```ts
 * import { createClient } from '@libsql/client';
 * import { drizzle } from 'drizzle-orm/libsql';
 * import { traceLibsql } from 'hono-opentelemetry/sql';
 *
 * const db = drizzle(traceLibsql(createClient({ url: 'file::memory:' })));
 * ```
 */
export function traceLibsql<Client extends LibsqlDriver>(
  client: Client,
  options: TraceDriverOptions = {},
): Client {
  const tracer = createSqlTracer(SQLITE, options);
  return wrapDriver(client, {
    ...traceStatements(tracer, options),
    async transaction(begin, ...args) {
      const span = options.transactions ? tracer.startSpan('transaction') : undefined;
      try {
        return traceTransaction((await begin(...args)) as object, tracer, span, options);
      } catch (error) {
        safely(() => span?.end());
        throw error;
      }
    },
  });
}

function traceTransaction(
  transaction: object,
  tracer: SqlTracer,
  span: Span | undefined,
  options: TraceDriverOptions,
): object {
  const below: SqlTracer = span
    ? { ...tracer, start: (sql, facts) => tracer.start(sql, { ...facts, parent: withSpan(span) }) }
    : tracer;
  const end = () => safely(() => span?.end());
  function traceEnd(sql: string): Replacement {
    return (run) => {
      const statement = below.start(sql);
      if (statement) statement.onEnd = end;
      return runStatement(statement, run);
    };
  }
  return wrapDriver(transaction, {
    ...traceStatements(below, options),
    commit: traceEnd('COMMIT'),
    rollback: traceEnd('ROLLBACK'),
    close(close) {
      end();
      return close();
    },
  });
}

/** Returns the traced methods that a client and a transaction share. */
function traceStatements(
  tracer: SqlTracer,
  { comments = false }: TraceDriverOptions,
): Record<string, Replacement> {
  const batch: Replacement = (run, statements: InStatement[], ...rest) => {
    if (!Array.isArray(statements)) return run(statements, ...rest);
    const read = statements.map((each) => {
      const [sql, values] = readStatement(each);
      return { sql, hasParameters: hasValues(values) };
    });
    const statement = startBatch(tracer, read);
    return runStatement(statement, () => run(statements, ...rest), countRows);
  };

  return {
    execute(run, ...args) {
      const [given] = args as InStatement[];
      const [sql, values] = readStatement(given, args[1]);
      const statement = tracer.start(sql, { hasParameters: hasValues(values) });
      if (statement && comments) {
        const text = addTraceComment(String(sql), statement);
        args[0] = (typeof given === 'string' ? text : { ...(given as object), sql: text }) as never;
      }
      return runStatement(statement, () => run(...args), countRows);
    },
    batch,
    migrate: batch,
    executeMultiple: (run, ...args) => runStatement(tracer.start(args[0]), () => run(...args)),
  };
}

/** Returns the text and the values of a statement. */
function readStatement(
  statement?: InStatement,
  args?: unknown,
): readonly [sql: unknown, values: unknown] {
  if (typeof statement === 'string') return [statement, args];
  if (Array.isArray(statement)) return [statement[0], statement[1]];
  const { sql, args: values } = (statement ?? {}) as { sql?: unknown; args?: unknown };
  return [sql, values];
}
