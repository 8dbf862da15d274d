import type { Resource } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { createChangeNotifier } from './change-notifier.ts';
import { createLogRing } from './log-ring.ts';
import { createLogMatcher, createTraceMatcher, hasSpanConditions, serviceOf } from './matcher.ts';
import { sizeOfAttributes, sizeOfLog, sizeOfSpan } from './record-size.ts';
import { findRoot, isError, summarizeTrace } from './summarize-trace.ts';
import { compareHrTimes, millisOf } from './times.ts';
import type { Operation, StoreLimits, TraceQuery, TraceStore } from './trace-store.ts';

const DEFAULT_LIMITS: StoreLimits = {
  maxTraces: 10_000,
  maxBytes: 64 * 1024 * 1024,
  maxSpansPerTrace: 5_000,
  maxLogs: 10_000,
};

interface TraceEntry {
  readonly traceId: string;
  readonly spans: ReadableSpan[];
  /** Milliseconds since 1970. */
  start: number;
  bytes: number;
  errorCount: number;
  droppedSpans: number;
  /** Number of its places in the queue; the last one counts. */
  queued: number;
  /** Found when it is asked for. */
  root: ReadableSpan | undefined;
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
  const queue = createDropQueue();
  const resources = createResourceSizes();
  const logs = createLogRing(maxLogs);
  const changes = createChangeNotifier();
  let spanCount = 0;
  let traceBytes = 0;
  let logBytes = 0;
  let droppedTraces = 0;
  let droppedSpans = 0;
  let droppedLogs = 0;

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
    } else if (isLocalRoot(span)) {
      queue.push(entry);
    }
    entry.spans.push(span);
    entry.root = undefined;
    const start = millisOf(span.startTime);
    if (start < entry.start) entry.start = start;
    if (isError(span)) entry.errorCount += 1;
    entry.bytes += bytes;
    traceBytes += bytes + resources.add(span.resource);
    spanCount += 1;
    changes.note(traceId);
    return true;
  }

  function enforceLimits(): void {
    while (traces.size > maxTraces) dropOldestTrace();
    while (traceBytes + logBytes > maxBytes) {
      if (logBytes > traceBytes) dropOldestLog();
      else dropOldestTrace();
    }
  }

  function dropOldestTrace(): void {
    const entry = queue.shift();
    if (entry === undefined) return;
    traces.delete(entry.traceId);
    traceBytes -= entry.bytes;
    for (const { resource } of entry.spans) traceBytes -= resources.remove(resource);
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

  function rootOf(entry: TraceEntry): ReadableSpan {
    entry.root ??= findRoot(entry.spans);
    return entry.root as ReadableSpan;
  }

  function findMatches(query: TraceQuery): Match[] {
    const match = createTraceMatcher(query);
    const prefersRoot = !hasSpanConditions(query);
    const matches: Match[] = [];
    for (const entry of traces.values()) {
      const { spans, errorCount, traceId } = entry;
      const found = match({ spans, errorCount, logs: query.text ? logsOf(traceId) : NO_LOGS });
      if (found === undefined) continue;
      matches.push({ entry, span: prefersRoot ? rootOf(entry) : found });
    }
    return matches;
  }

  return {
    addSpans(spans) {
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
      const { sort = 'newest', limit = 20, offset = 0 } = query;
      const matches = findMatches(query).sort(COMPARE[sort]);
      const page = matches.slice(offset, offset + limit);
      return {
        total: matches.length,
        traces: page.map(({ entry, span }) => {
          const { traceId, spans } = entry;
          return summarizeTrace(traceId, { spans, logs: logsOf(traceId) }, rootOf(entry), span);
        }),
      };
    },
    getTrace(traceId) {
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
      const names = new Set<string>();
      for (const { spans } of traces.values()) for (const span of spans) names.add(serviceOf(span));
      return [...names].sort();
    },
    operations(service) {
      const found = new Map<string, Operation>();
      for (const { spans } of traces.values()) {
        for (const span of spans) {
          if (serviceOf(span) !== service) continue;
          const { name, kind } = span;
          found.set(`${kind}${name}`, { name, kind });
        }
      }
      return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    stats() {
      let oldest: number | undefined;
      for (const { start } of traces.values()) oldest = Math.min(oldest ?? start, start);
      const bytes = traceBytes + logBytes;
      const kept = { traces: traces.size, spans: spanCount, logs: logs.size, bytes, oldest };
      return { ...kept, maxTraces, maxBytes, droppedTraces, droppedSpans, droppedLogs };
    },
    subscribe: changes.subscribe,
    clear() {
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
    root: undefined,
  };
}

function isLocalRoot({ parentSpanContext: parent }: ReadableSpan): boolean {
  return parent === undefined || parent.isRemote === true;
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

/**
 * Keeps the order in which traces are dropped.
 *
 * The order of a `Map` would do, but to find its first entry after many deletions takes 5 µs on Node.
 */
function createDropQueue() {
  let entries: TraceEntry[] = [];
  let first = 0;
  return {
    /** Puts an entry at the end, also if it is in the queue already. */
    push(entry: TraceEntry): void {
      entry.queued += 1;
      entries.push(entry);
    },
    shift(): TraceEntry | undefined {
      for (;;) {
        const entry = entries[first];
        if (entry === undefined) return undefined;
        first += 1;
        if (first > entries.length / 2) {
          entries = entries.slice(first);
          first = 0;
        }
        entry.queued -= 1;
        if (entry.queued === 0) return entry;
      }
    },
    clear(): void {
      entries = [];
      first = 0;
    },
  };
}

/** Counts the memory of each resource once, however many records share it. */
function createResourceSizes() {
  const sizes = new Map<Resource, { count: number; readonly bytes: number }>();
  return {
    /** Returns the bytes that this record adds. */
    add(resource: Resource): number {
      const size = sizes.get(resource);
      if (size !== undefined) {
        size.count += 1;
        return 0;
      }
      const bytes = sizeOfAttributes(resource.attributes);
      sizes.set(resource, { count: 1, bytes });
      return bytes;
    },
    /** Returns the bytes that are freed. */
    remove(resource: Resource): number {
      const size = sizes.get(resource);
      if (size === undefined) return 0;
      size.count -= 1;
      if (size.count > 0) return 0;
      sizes.delete(resource);
      return size.bytes;
    },
    clear: () => sizes.clear(),
  };
}
