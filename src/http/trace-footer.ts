import { TraceFlags } from '@opentelemetry/api';
import type { Context } from 'hono';
import { requestSoFar } from '../tracing/index.ts';
import { activeSpanContext } from './active-span-context.ts';
import type { TraceLinks } from './link-traces.ts';
import { escapeHtml } from './page.ts';

/**
 * The trace of this request, as HTML: its id, what it has taken until now, and a link to Jaeger where
 * `linkTraces()` stands before and the trace is recorded. Call it last, so that nothing is missing.
 * @returns an element with the class `trace`; an empty text where there is no trace
 */
export function traceFooter(c: Context<{ Variables: TraceLinks }>): string {
  const spanContext = activeSpanContext();
  if (spanContext === undefined) return '';
  const { traceId, traceFlags } = spanContext;
  const parts = [`Trace <code>${traceId}</code>`];
  const soFar = requestSoFar();
  if (soFar) parts.push(formatMillis(soFar.milliseconds), countStatements(soFar.statements));
  const url = c.get('traceUrl');
  if (url && (traceFlags & TraceFlags.SAMPLED) !== 0) {
    parts.push(`<a href="${escapeHtml(url + traceId)}">Show in Jaeger</a>`);
  }
  return `<p class="trace">${parts.join(' · ')}</p>`;
}

function formatMillis(millis: number): string {
  return `${millis.toFixed(millis < 10 ? 1 : 0)} ms`;
}

function countStatements(count: number): string {
  return count === 1 ? '1 SQL statement' : `${count} SQL statements`;
}
