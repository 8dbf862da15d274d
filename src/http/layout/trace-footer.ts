import { isSpanContextValid, type SpanContext, TraceFlags, trace } from '@opentelemetry/api';
import { getRequestStats } from 'hono-opentelemetry';
import type { Texts } from '../texts/index.ts';
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
  readonly shownBy: 'jaeger' | 'viewer';
}

/**
 * Renders the trace of this request: its id, its duration so far, and a link if it is recorded.
 * Call it last, so that nothing is missing.
 * @param link where traces are shown; without it there is no link
 * @returns an element with the class `trace`; an empty string without a trace
 */
export function renderTraceFooter({ trace: texts }: Texts, link?: TraceLink): string {
  const spanContext = activeSpanContext();
  if (spanContext === undefined) return '';
  const { traceId, traceFlags } = spanContext;
  const parts = [`${texts.label} <code>${traceId}</code>`];
  const soFar = getRequestStats();
  if (soFar) parts.push(texts.millis(soFar.milliseconds), texts.statements(soFar.statements));
  let anchor = '';
  if (link && (traceFlags & TraceFlags.SAMPLED) !== 0) {
    // App, page and Collector send in batches.
    const title = link.shownBy === 'jaeger' ? ` title="${texts.jaegerDelay}"` : '';
    // Without a dot, which would end the line when the link is on the next.
    anchor = ` <a href="${escapeHtml(link.url + traceId)}"${title}>${texts[link.shownBy]}</a>`;
  }
  return `<p class="trace">${parts.join(' · ')}${anchor}</p>`;
}
