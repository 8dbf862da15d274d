import { trace } from '@opentelemetry/api';
import { safely } from '../safely.ts';
import { formatTraceparent } from '../traceparent.ts';
import type { RunningStatement } from './sql-tracer.ts';

/**
 * Returns a statement with a comment that names its span. A statement with comments stays as it is.
 * @see https://google.github.io/sqlcommenter/spec/
 */
export function addTraceComment(sql: string, { span }: RunningStatement): string {
  const active = safely(() => (span ?? trace.getActiveSpan())?.spanContext());
  if (active === undefined || sql.includes('--') || sql.includes('/*')) return sql;
  const comment = `/*traceparent='${formatTraceparent(active)}'*/`;
  const trimmed = sql.trimEnd();
  return trimmed.endsWith(';') ? `${trimmed.slice(0, -1)} ${comment};` : `${trimmed} ${comment}`;
}
