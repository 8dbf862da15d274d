import { TraceFlags } from '@opentelemetry/api';
import { getRequestStats } from 'hono-opentelemetry';
import { activeSpanContext } from '../active-span-context.ts';
import { escapeHtml } from './page.ts';

/**
 * The trace of this request, as HTML: its id, what it has taken until now, and a link where it is
 * recorded. Call it last, so that nothing is missing.
 * @param traceUrl of a page about a trace, but for its id; default: there is none
 * @returns an element with the class `trace`; an empty text where there is no trace
 */
export function traceFooter(traceUrl?: string): string {
  const spanContext = activeSpanContext();
  if (spanContext === undefined) return '';
  const { traceId, traceFlags } = spanContext;
  const parts = [`Trace <code>${traceId}</code>`];
  const soFar = getRequestStats();
  if (soFar) parts.push(formatMillis(soFar.milliseconds), countStatements(soFar.statements));
  if (traceUrl && (traceFlags & TraceFlags.SAMPLED) !== 0) {
    parts.push(`<a href="${escapeHtml(traceUrl + traceId)}">Show in Jaeger</a>`);
  }
  return `<p class="trace">${parts.join(' · ')}</p>`;
}

function formatMillis(millis: number): string {
  return `${millis.toFixed(millis < 10 ? 1 : 0)} ms`;
}

function countStatements(count: number): string {
  return count === 1 ? '1 SQL statement' : `${count} SQL statements`;
}
