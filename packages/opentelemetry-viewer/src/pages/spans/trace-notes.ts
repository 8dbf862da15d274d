import { SpanKind } from '@opentelemetry/api';
import { abbreviateSql } from 'opentelemetry-instrument-exporters/describe';
import { isStatement } from '../../store/index.ts';
import { formatMillis, shorten } from '../page/index.ts';
import { isCall, spanTitle, sqlText } from './span-facts.ts';
import type { SpanNode, Waterfall } from './waterfall.ts';

/** A finding about a trace that deserves a look. */
export interface TraceNote {
  readonly kind: 'repeated' | 'slow-statement' | 'gap' | 'late-span' | 'missing-parent' | 'skew';
  readonly message: string;
  /** The span that shows it. */
  readonly spanId: string;
}

/** The tree in the terminal joins as many equal spans. */
const REPEATED_STATEMENTS = 3;
/** A few calls of one service are ordinary, such as those of a page for its files. */
const REPEATED_CALLS = 5;
const SLOW_STATEMENT_MS = 100;
const GAP_SHARE = 0.8;
const GAP_MIN_MS = 20;
const TOLERANCE_MS = 2;
const MAX_NOTES_PER_KIND = 3;

/** Finds N+1 queries, slow statements, gaps, late spans, missing parents and clock skew. */
export function noteTrace(waterfall: Waterfall): readonly TraceNote[] {
  return [repeated, slowStatements, gaps, lateSpans, missingParents, skews].flatMap((find) =>
    find(waterfall).slice(0, MAX_NOTES_PER_KIND),
  );
}

/** Statements or calls that one span makes again and again: an N+1 query. */
function repeated({ nodes }: Waterfall): TraceNote[] {
  const notes: TraceNote[] = [];
  for (const parent of nodes) {
    if (parent.children.length < REPEATED_STATEMENTS) continue;
    const calls = parent.children.filter(({ span }) => span.kind === SpanKind.CLIENT);
    for (const [key, group] of Map.groupBy(calls, callKey)) {
      const [first] = group;
      if (!first) continue;
      const isSql = isStatement(first.span);
      if (group.length < (isSql ? REPEATED_STATEMENTS : REPEATED_CALLS)) continue;
      const total = group.reduce((sum, { duration }) => sum + duration, 0);
      const what = isSql ? 'The same statement' : 'The same call';
      notes.push({
        kind: 'repeated',
        spanId: first.id,
        message: `${what} runs ${group.length} times in “${spanTitle(parent.span)}” and takes ${formatMillis(total)} in total (N+1?): ${shorten(isSql ? abbreviateSql(key) : key, 120)}`,
      });
    }
  }
  return notes;
}

function callKey({ span }: SpanNode): string {
  // Values in the text would make each statement another one.
  return sqlText(span)?.replace(/'[^']{0,200}'|\b\d+\b/g, '?') ?? span.name;
}

function slowStatements({ nodes }: Waterfall): TraceNote[] {
  return nodes
    .filter(({ span, duration }) => isStatement(span) && duration >= SLOW_STATEMENT_MS)
    .sort((a, b) => b.duration - a.duration)
    .map(({ id, span, duration }) => ({
      kind: 'slow-statement',
      spanId: id,
      message: `Slow statement: “${span.name}” takes ${formatMillis(duration)}.`,
    }));
}

/**
 * Spans with children that are alone for most of their time. The load of a page is not one: it consists of
 * work of the browser, which has no spans. Neither is a call, which also waits for the network.
 */
function gaps({ nodes }: Waterfall): TraceNote[] {
  return nodes
    .filter(
      ({ children, self, duration, span }) =>
        children.some(({ isContinuation }) => !isContinuation) &&
        duration >= GAP_MIN_MS &&
        self / duration >= GAP_SHARE &&
        span.kind !== SpanKind.CLIENT &&
        span.name !== 'documentLoad',
    )
    .map(({ id, span, self, duration }) => ({
      kind: 'gap',
      spanId: id,
      message: `No span covers ${Math.floor((self / duration) * 100)} % of “${spanTitle(span)}” (${formatMillis(self)}).`,
    }));
}

function lateSpans({ nodes }: Waterfall): TraceNote[] {
  return nodes
    .filter(({ parent, start, service }) =>
      Boolean(parent && parent.service === service && start > parent.end + TOLERANCE_MS),
    )
    .map(({ id, span, parent, start }) => ({
      kind: 'late-span',
      spanId: id,
      message: `“${spanTitle(span)}” starts ${formatMillis(start - (parent?.end ?? 0))} after its parent ended.`,
    }));
}

function missingParents({ roots }: Waterfall): TraceNote[] {
  return roots
    .filter(({ span }) => span.parentSpanContext !== undefined)
    .map(({ id, span }) => ({
      kind: 'missing-parent',
      spanId: id,
      message: `The parent of “${spanTitle(span)}”, span ${span.parentSpanContext?.spanId}, has not arrived.`,
    }));
}

/**
 * Finds calls of another service that start before their caller or, as servers, end after it. A page that
 * continues the trace of its response is not called by the server, and has started earlier.
 */
function skews({ nodes }: Waterfall): TraceNote[] {
  return nodes.flatMap(({ id, span, parent, service, start, end }) => {
    if (!parent || parent.service === service || !isCall(parent.span, span)) return [];
    const early = parent.start - start;
    const late = span.kind === SpanKind.SERVER ? end - parent.end : 0;
    const skew = Math.max(early, late);
    if (skew <= TOLERANCE_MS) return [];
    const message = `The clocks of ${parent.service} and ${service} differ: “${spanTitle(span)}” ${early >= late ? 'starts before' : 'ends after'} its caller by ${formatMillis(skew)}.`;
    return [{ kind: 'skew' as const, spanId: id, message }];
  });
}
