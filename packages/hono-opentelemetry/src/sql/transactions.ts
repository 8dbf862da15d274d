import { context, type Span, SpanStatusCode, trace } from '@opentelemetry/api';
import { isPromiseLike } from '../promise-like.ts';
import { safely } from '../safely.ts';
import { type SqlTracer, withSpan } from './sql-tracer.ts';
import type { Replacement } from './wrap-driver.ts';

const BEGIN = /^\s*(?:begin|start\s+transaction)\b/i;
const END = /^\s*(?:commit|end|abort|rollback(?!\s+(?:work\s+|transaction\s+)?to\b))\b/i;

/** A script with a whole transaction. */
const ENDS_WITHIN = /;\s*(?:commit|end|abort|rollback)\b/i;

/** A tracer for one connection that adds a span around its transactions. */
export interface TransactionTracer extends SqlTracer {
  /**
   * Replaces a method that gives the connection back or closes it: ends the span of a transaction that the
   * program gave up.
   */
  readonly release: Replacement;
}

/**
 * Returns a tracer for one connection that adds a span around its transactions. They are found by their
 * statements: from BEGIN to COMMIT or ROLLBACK. Statements of other traces on the same connection are not
 * part of it.
 */
export function followTransactions(tracer: SqlTracer): TransactionTracer {
  let transaction: Span | undefined;

  function end(): void {
    const ended = transaction;
    transaction = undefined;
    safely(() => ended?.end());
  }

  return {
    ...tracer,
    release(run, ...args) {
      end();
      return run(...args);
    },
    start(sql, facts) {
      const text = typeof sql === 'string' ? sql : '';
      const begins = BEGIN.test(text) && !ENDS_WITHIN.test(text) && !isOpen(transaction);
      if (begins) {
        end();
        transaction = tracer.startSpan('transaction');
      }
      if (!isOpen(transaction)) return tracer.start(sql, facts);
      const statement = tracer.start(sql, { ...facts, parent: withSpan(transaction) });
      if (statement === undefined) end();
      else if (begins) {
        statement.onEnd = (hasFailed) => {
          if (hasFailed) end();
        };
      } else if (END.test(text)) statement.onEnd = end;
      return statement;
    },
  };
}

/** Returns true if a transaction is part of the active trace. */
function isOpen(transaction: Span | undefined): transaction is Span {
  const open = transaction && safely(() => transaction.spanContext().traceId);
  return open !== undefined && open === trace.getSpanContext(context.active())?.traceId;
}

/** Runs `work`, which is a whole transaction, in a separate span. */
export function inTransaction<T>(tracer: SqlTracer, work: () => T): T {
  const span = tracer.startSpan('transaction');
  if (span === undefined) return work();
  function end<Value>(value: Value): Value {
    safely(() => span?.end());
    return value;
  }
  function fail(error: unknown): never {
    safely(() => span?.setStatus({ code: SpanStatusCode.ERROR }));
    throw end(error);
  }
  let result: T;
  try {
    result = context.with(withSpan(span), work);
  } catch (error) {
    return fail(error);
  }
  return isPromiseLike(result) ? (result.then(end, fail) as T) : end(result);
}
