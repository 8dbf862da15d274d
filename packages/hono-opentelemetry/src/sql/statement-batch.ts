import type { RunningStatement, SqlTracer } from './sql-tracer.ts';
import { summarizeSql } from './summarize-sql.ts';

/** A statement of a batch. */
interface BatchStatement {
  /** The text, or what a program without types has passed instead. */
  readonly sql: unknown;
  readonly hasParameters: boolean;
}

/**
 * Starts statements that are sent together, as one operation. A single statement is not a batch.
 *
 * Equal texts are recorded once, because a batch of a thousand rows has a thousand of them.
 * @see https://opentelemetry.io/docs/specs/semconv/db/database-spans/
 */
export function startBatch(
  tracer: SqlTracer,
  statements: readonly BatchStatement[],
): RunningStatement | undefined {
  const texts = [...new Set(statements.map(({ sql }) => String(sql)))];
  const hasParameters = statements.every((each) => each.hasParameters);
  const batchSize = statements.length;
  if (batchSize === 1) return tracer.start(texts[0], { hasParameters });
  return tracer.start(texts.join('; '), {
    hasParameters,
    batchSize,
    operation: {
      name: 'BATCH',
      summarize(dialect) {
        const [summary, ...others] = new Set(texts.map((text) => summarizeSql(text, dialect)));
        return summary && others.length === 0 ? `BATCH ${summary}` : 'BATCH';
      },
    },
  });
}
