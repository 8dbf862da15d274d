import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { createChangeNotifier } from './change-notifier.ts';
import { createDropQueue, type QueuedEntry } from './drop-queue.ts';
import { createLogRing } from './log-ring.ts';
import {
  createLogMatcher,
  createTraceMatcher,
  hasSpanConditions,
  isUnconditional,
} from './matcher.ts';
import { createPendingSpans, isEntrySpan } from './pending-spans.ts';
import { isError } from './record-facts.ts';
import { sizeOfLog, sizeOfSpan } from './record-size.ts';
import { createResourceIndex } from './resource-index.ts';
import { findShape, summarizeTrace, type TraceShape } from './summarize-trace.ts';
import { compareHrTimes, millisOf } from './times.ts';
import type { StoreLimits, TraceQuery, TraceStore } from './trace-store.ts';

const DEFAULT_LIMITS: StoreLimits = {
  maxTraces: 10_000,
  maxBytes: 64 * 1024 * 1024,
  maxSpansPerTrace: 5_000,
  maxLogs: 10_000,
};

interface TraceEntry extends QueuedEntry {
  readonly traceId: string;
  readonly spans: ReadableSpan[];
  /** Milliseconds since 1970. */
  start: number;
  bytes: number;
  errorCount: number;
  droppedSpans: number;
  /** Found when it is needed. */
  shape: TraceShape | undefined;
}

/** A match of a search, with what it is sorted by. */
interface Match {
  readonly entry: TraceEntry;
  readonly span: ReadableSpan;
}

const NO_LOGS: readonly ReadableLogRecord[] = [];

/**
 * Keeps traces in memory, by reference.
 *
 * At a limit the trace whose local root ended first is dropped. Log records have a ring for themselves:
 * they stay when their trace is dropped.
 */
export function createMemoryTraceStore(limits: Partial<StoreLimits> = {}): TraceStore {
  const { maxTraces, maxBytes, maxSpansPerTrace, maxLogs } = { ...DEFAULT_LIMITS, ...limits };
  const traces = new Map<string, TraceEntry>();
  const queue = createDropQueue<TraceEntry>();
  const resources = createResourceIndex();
  const logs = createLogRing(maxLogs);
  const changes = createChangeNotifier();
  const pending = createPendingSpans();
  let spanCount = 0;
  let traceBytes = 0;
  let logBytes = 0;
  let droppedTraces = 0;
  let droppedSpans = 0;
  let droppedLogs = 0;

  /** Indexes the pending spans, as all that reads or changes the index must. */
  function indexPending(): void {
    const spans = pending.take();
    if (spans.length > 0) addAll(spans);
  }

  function addAll(spans: readonly ReadableSpan[]): number {
    let refused = 0;
    for (const span of spans) {
      try {
        if (!addSpan(span)) refused += 1;
      } catch {
        // A property cannot be read.
        refused += 1;
      }
    }
    droppedSpans += refused;
    enforceLimits();
    return refused;
  }

  /** Returns whether it is kept. */
  function addSpan(span: ReadableSpan): boolean {
    const { traceId } = span.spanContext();
    const bytes = sizeOfSpan(span);
    let entry = traces.get(traceId);
    if (entry === undefined) {
      entry = newEntry(traceId);
      traces.set(traceId, entry);
      queue.push(entry);
    } else if (entry.spans.length >= maxSpansPerTrace) {
      entry.droppedSpans += 1;
      return false;
    } else if (isEntrySpan(span)) {
      queue.push(entry);
    }
    entry.spans.push(span);
    entry.shape = undefined;
    const start = millisOf(span.startTime);
    if (start < entry.start) entry.start = start;
    if (isError(span)) entry.errorCount += 1;
    entry.bytes += bytes;
    traceBytes += bytes + resources.add(span.resource, span);
    spanCount += 1;
    changes.note(traceId);
    return true;
  }

  function enforceLimits(): void {
    while (traces.size + pending.roots > maxTraces) dropOldestSpans();
    while (traceBytes + pending.bytes + logBytes > maxBytes) {
      if (logBytes > traceBytes + pending.bytes) dropOldestLog();
      else dropOldestSpans();
    }
  }

  function dropOldestSpans(): void {
    const segment = traces.size === 0 ? pending.shift() : undefined;
    if (segment) {
      droppedTraces += segment.roots;
      droppedSpans += segment.spans.length;
    } else if (traces.size === 0) {
      indexPending();
    } else {
      dropOldestTrace();
    }
  }

  function dropOldestTrace(): void {
    const entry = queue.shift();
    if (entry === undefined) return;
    traces.delete(entry.traceId);
    traceBytes -= entry.bytes;
    for (const span of entry.spans) traceBytes -= resources.remove(span.resource, span);
    spanCount -= entry.spans.length;
    droppedTraces += 1;
    droppedSpans += entry.spans.length;
  }

  function dropOldestLog(): void {
    const record = logs.shift();
    if (record === undefined) return;
    logBytes -= sizeOfLog(record) + resources.remove(record.resource);
    droppedLogs += 1;
  }

  function logsOf(traceId: string): readonly ReadableLogRecord[] {
    return logs.ofTrace(traceId) ?? NO_LOGS;
  }

  function shapeOf(entry: TraceEntry): TraceShape {
    entry.shape ??= findShape(entry.spans);
    return entry.shape;
  }

  function findMatches(query: TraceQuery): Match[] {
    const matches: Match[] = [];
    if (isUnconditional(query)) {
      for (const entry of traces.values()) matches.push({ entry, span: shapeOf(entry).root });
      return matches;
    }
    const match = createTraceMatcher(query);
    const prefersRoot = !hasSpanConditions(query);
    const readsLogs = Boolean(query.text) || (query.tags?.length ?? 0) > 0;
    for (const entry of traces.values()) {
      const found = match(entry, readsLogs ? logsOf(entry.traceId) : NO_LOGS);
      if (found === undefined) continue;
      matches.push({ entry, span: prefersRoot ? shapeOf(entry).root : found });
    }
    return matches;
  }

  return {
    addSpans(spans) {
      indexPending();
      return addAll(spans);
    },
    deferSpans(spans) {
      for (const span of spans) {
        try {
          pending.push(span);
          changes.note(span.spanContext().traceId);
        } catch {
          droppedSpans += 1;
        }
      }
      enforceLimits();
    },
    addLogs(records) {
      for (const record of records) {
        try {
          logBytes += sizeOfLog(record);
        } catch {
          droppedLogs += 1;
          continue;
        }
        logBytes += resources.add(record.resource);
        logs.push(record);
        changes.note(record.spanContext?.traceId ?? '');
        if (logs.size > maxLogs) dropOldestLog();
      }
      enforceLimits();
    },
    findTraces(query) {
      indexPending();
      const { sort = 'newest', limit = 20, offset = 0 } = query;
      const matches = findMatches(query).sort(COMPARE[sort]);
      const page = matches.slice(offset, offset + limit);
      return {
        total: matches.length,
        traces: page.map(({ entry, span }) => {
          const { traceId, spans } = entry;
          return summarizeTrace(traceId, spans, logsOf(traceId).length, shapeOf(entry), span);
        }),
      };
    },
    getTrace(traceId) {
      indexPending();
      const entry = traces.get(traceId);
      return (
        entry && {
          traceId,
          spans: entry.spans.toSorted((a, b) => compareHrTimes(a.startTime, b.startTime)),
          logs: logsOf(traceId).toSorted((a, b) => compareHrTimes(a.hrTime, b.hrTime)),
          droppedSpans: entry.droppedSpans,
        }
      );
    },
    findLogs(query) {
      const { traceId, limit = 100 } = query;
      const isMatch = createLogMatcher(query);
      const candidates = traceId === undefined ? logs.newestFirst() : logsOf(traceId).toReversed();
      const found: ReadableLogRecord[] = [];
      for (const record of candidates) {
        if (found.length >= limit) break;
        if (isMatch(record)) found.push(record);
      }
      return found;
    },
    services() {
      indexPending();
      return resources.services();
    },
    operations(service) {
      indexPending();
      return resources.operations(service);
    },
    stats() {
      indexPending();
      let oldest: number | undefined;
      for (const { start } of traces.values()) oldest = Math.min(oldest ?? start, start);
      const bytes = traceBytes + logBytes;
      const kept = { traces: traces.size, spans: spanCount, logs: logs.size, bytes, oldest };
      return { ...kept, maxTraces, maxBytes, droppedTraces, droppedSpans, droppedLogs };
    },
    subscribe: changes.subscribe,
    clear() {
      pending.take();
      traces.clear();
      queue.clear();
      logs.clear();
      resources.clear();
      spanCount = traceBytes = logBytes = 0;
      droppedTraces = droppedSpans = droppedLogs = 0;
    },
    close: changes.close,
  };
}

function newEntry(traceId: string): TraceEntry {
  return {
    traceId,
    spans: [],
    start: Number.POSITIVE_INFINITY,
    bytes: 0,
    errorCount: 0,
    droppedSpans: 0,
    queued: 0,
    shape: undefined,
  };
}

type Compare = (a: Match, b: Match) => number;

const duration = ({ span }: Match) => millisOf(span.duration);
const newest: Compare = (a, b) => b.entry.start - a.entry.start;

const COMPARE: Readonly<Record<NonNullable<TraceQuery['sort']>, Compare>> = {
  newest,
  oldest: (a, b) => newest(b, a),
  longest: (a, b) => duration(b) - duration(a) || newest(a, b),
  shortest: (a, b) => duration(a) - duration(b) || newest(a, b),
  'most-spans': (a, b) => b.entry.spans.length - a.entry.spans.length || newest(a, b),
};
