import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { isError, millisOf, type StoredTrace, serviceOf } from '../../store/index.ts';
import { type CriticalSegment, findCriticalPath } from './critical-path.ts';
import { isContinuation, spanMillis, spanStart } from './span-facts.ts';

/** A span with its place in the tree. Times are milliseconds. */
export interface SpanNode {
  readonly span: ReadableSpan;
  readonly id: string;
  readonly service: string;
  /** Since 1970. */
  readonly start: number;
  readonly end: number;
  readonly duration: number;
  readonly isError: boolean;
  /** The parent in the store; undefined for a root and for a span whose parent is missing. */
  readonly parent: SpanNode | undefined;
  /** In the order of their starts, the continuations last. */
  readonly children: readonly SpanNode[];
  /** Duration without the time in which the span waited for a child. */
  readonly self: number;
  /** The parent did not wait for it: a page that continues the trace of the response that it shows. */
  readonly isContinuation: boolean;
}

/** A line of the waterfall. */
export type WaterfallRow =
  | { readonly kind: 'span'; readonly depth: number; readonly node: SpanNode }
  | {
      readonly kind: 'log';
      readonly depth: number;
      readonly record: ReadableLogRecord;
      readonly time: number;
    };

/** One tree over all services of a trace. */
export interface Waterfall {
  readonly start: number;
  readonly end: number;
  /** Depth first, children and log records in the order of their times. */
  readonly rows: readonly WaterfallRow[];
  readonly nodes: readonly SpanNode[];
  readonly roots: readonly SpanNode[];
  readonly byId: ReadonlyMap<string, SpanNode>;
  /** In the order of their first spans. */
  readonly services: readonly string[];
  readonly criticalPath: readonly CriticalSegment[];
}

interface GrowingNode extends SpanNode {
  parent: SpanNode | undefined;
  readonly children: GrowingNode[];
  self: number;
  isContinuation: boolean;
}

/** Arranges a trace. Missing parents, circles of parents and repeated ids leave no span out. */
export function layOutTrace(trace: Pick<StoredTrace, 'spans' | 'logs'>): Waterfall {
  const nodes = trace.spans.map(toNode).sort((a, b) => a.start - b.start);
  const byId = new Map<string, GrowingNode>();
  for (const node of nodes) if (!byId.has(node.id)) byId.set(node.id, node);
  const roots = connect(nodes, byId);
  for (const node of nodes) node.self = selfTime(node);

  const logs = Map.groupBy(trace.logs, (record) => byId.get(record.spanContext?.spanId ?? ''));
  const rows = toRows(roots, logs);
  const times = trace.logs.map(({ hrTime }) => millisOf(hrTime));
  const { start, end } = bounds(nodes, times);
  const services = [...new Set(nodes.map(({ service }) => service))];
  const criticalPath = roots[0] ? findCriticalPath(roots[0]) : [];
  return { start, end, rows, nodes, roots, byId, services, criticalPath };
}

function toNode(span: ReadableSpan): GrowingNode {
  const start = spanStart(span);
  const duration = spanMillis(span);
  return {
    span,
    id: span.spanContext().spanId,
    service: serviceOf(span),
    start,
    end: start + duration,
    duration,
    isError: isError(span),
    parent: undefined,
    children: [],
    self: duration,
    isContinuation: false,
  };
}

/** Sets parents and children. @returns the roots, of which one breaks each circle */
function connect(nodes: readonly GrowingNode[], byId: Map<string, GrowingNode>): GrowingNode[] {
  for (const node of nodes) {
    const parent = byId.get(node.span.parentSpanContext?.spanId ?? '');
    if (parent !== node) node.parent = parent;
  }
  const roots: GrowingNode[] = [];
  const checked = new Set<SpanNode>();
  for (const node of nodes) {
    const path = new Set<SpanNode>();
    let ancestor: SpanNode | undefined = node;
    while (ancestor && !checked.has(ancestor) && !path.has(ancestor)) {
      path.add(ancestor);
      ancestor = ancestor.parent;
    }
    if (ancestor && path.has(ancestor)) node.parent = undefined;
    for (const each of path) checked.add(each);
  }
  for (const node of nodes) {
    node.isContinuation = node.parent ? isContinuation(node.parent.span, node.span) : false;
  }
  for (const node of nodes.toSorted(compareContinuations)) {
    const parent = node.parent && byId.get(node.parent.id);
    if (parent) parent.children.push(node);
    else roots.push(node);
  }
  return roots;
}

function compareContinuations(a: SpanNode, b: SpanNode): number {
  return Number(a.isContinuation) - Number(b.isContinuation);
}

/** Subtracts the union of the children's times, cut to those of the span. */
function selfTime({ start, end, duration, children }: SpanNode): number {
  let covered = 0;
  let reached = start;
  for (const child of children) {
    if (child.isContinuation) break;
    const from = Math.max(child.start, reached);
    const to = Math.min(child.end, end);
    if (to > from) {
      covered += to - from;
      reached = to;
    }
  }
  return Math.max(0, duration - covered);
}

type Logs = ReadonlyMap<SpanNode | undefined, readonly ReadableLogRecord[]>;

/** Walks the tree with an explicit stack: a trace can be deeper than the call stack. */
function toRows(roots: readonly SpanNode[], logs: Logs): WaterfallRow[] {
  const rows: WaterfallRow[] = [];
  const stack: WaterfallRow[] = [];
  push(roots, logs.get(undefined) ?? [], 0);
  for (let row = stack.pop(); row; row = stack.pop()) {
    rows.push(row);
    if (row.kind === 'span') push(row.node.children, logs.get(row.node) ?? [], row.depth + 1);
  }
  return rows;

  function push(nodes: readonly SpanNode[], records: readonly ReadableLogRecord[], depth: number) {
    const below: WaterfallRow[] = nodes.map((node) => ({ kind: 'span', depth, node }));
    for (const record of records) {
      below.push({ kind: 'log', depth, record, time: millisOf(record.hrTime) });
    }
    if (records.length > 0) below.sort(compareRows);
    for (const row of below.reverse()) stack.push(row);
  }
}

function compareRows(a: WaterfallRow, b: WaterfallRow): number {
  return Number(continues(a)) - Number(continues(b)) || rowTime(a) - rowTime(b);
}

function continues(row: WaterfallRow): boolean {
  return row.kind === 'span' && row.node.isContinuation;
}

function rowTime(row: WaterfallRow): number {
  return row.kind === 'span' ? row.node.start : row.time;
}

function bounds(nodes: readonly SpanNode[], logTimes: readonly number[]) {
  let start = Number.POSITIVE_INFINITY;
  let end = Number.NEGATIVE_INFINITY;
  for (const node of nodes) {
    start = Math.min(start, node.start);
    end = Math.max(end, node.end);
  }
  if (nodes.length > 0) return { start, end };
  for (const time of logTimes) {
    start = Math.min(start, time);
    end = Math.max(end, time);
  }
  return logTimes.length > 0 ? { start, end } : { start: 0, end: 0 };
}
