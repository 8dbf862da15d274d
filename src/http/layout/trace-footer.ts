import { isSpanContextValid, type SpanContext, TraceFlags, trace } from '@opentelemetry/api';
import { getRequestStats } from 'hono-opentelemetry';
import { escapeHtml } from './page.ts';

/** Returns the active local span context; undefined for a remote parent. */
export function activeSpanContext(): SpanContext | undefined {
  const spanContext = trace.getActiveSpan()?.spanContext();
  return spanContext && isSpanContextValid(spanContext) && !spanContext.isRemote
    ? spanContext
    : undefined;
}

/** A link to the page of a trace. */
export interface TraceLink {
  /** URL up to the trace id. */
  readonly url: string;
  readonly text: string;
}

/**
 * Renders the trace of this request: its id, its duration so far, and a link if it is recorded.
 * Call it last, so that nothing is missing.
 * @param link where traces are shown; without it there is no link
 * @returns an element with the class `trace`; an empty string without a trace
 */
export function renderTraceFooter(link?: TraceLink): string {
  const spanContext = activeSpanContext();
  if (spanContext === undefined) return '';
  const { traceId, traceFlags } = spanContext;
  const parts = [`Trace <code>${traceId}</code>`];
  const soFar = getRequestStats();
  if (soFar) parts.push(formatMillis(soFar.milliseconds), countStatements(soFar.statements));
  if (link && (traceFlags & TraceFlags.SAMPLED) !== 0) {
    parts.push(`<a href="${escapeHtml(link.url + traceId)}">${link.text}</a>`);
  }
  return `<p class="trace">${parts.join(' · ')}</p>`;
}

function formatMillis(millis: number): string {
  return `${millis.toFixed(millis < 10 ? 1 : 0)} ms`;
}

function countStatements(count: number): string {
  return count === 1 ? '1 SQL statement' : `${count} SQL statements`;
}
