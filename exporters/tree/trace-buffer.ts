import { clearTimeout, setTimeout } from 'node:timers';
import { TraceFlags } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import { type Branch, createGrower } from './build-tree.ts';
import { createRecentSet } from './recent-set.ts';
import { compareTimes, type Entry, isLocalRoot } from './trace-record.ts';

export interface TraceBuffer {
  add(entry: Entry): void;
  /** Shows what is still waiting for the end of its local root. */
  flush(): void;
}

export interface TraceBufferOptions {
  /** Traces whose local root has not ended. Default: 1,000; the oldest is shown unfinished. */
  readonly maxTraces?: number;
  /** Spans and records held for one trace. Default: 1,000; the oldest is dropped. */
  readonly maxEntries?: number;
  /**
   * How long the log records of a trace wait for its local root. Default: 1,000; then they, and
   * those that follow, are shown by themselves.
   */
  readonly patienceMillis?: number;
  /** Asked for each log record: whether spans come here, so that one is worth waiting for. */
  readonly areSpansExpected: () => boolean;
  /**
   * Shows a branch: a request when its local root has ended; or a span or record that came too
   * late, has no trace, or whose trace did not end.
   * @param dropped entries of its trace that were dropped
   */
  readonly show: (branch: Branch, dropped: number) => void;
}

interface Held {
  entries: Entry[];
  dropped: number;
  /** It takes so long that its log records do not wait for its end. */
  isLong: boolean;
  readonly patience: NodeJS.Timeout;
}

const SHOWN_SPANS = 5_000;

/** Collects spans and log records until their local root span has ended. */
export function createTraceBuffer({
  maxTraces = 1_000,
  maxEntries = 1_000,
  patienceMillis = 1_000,
  areSpansExpected,
  show,
}: TraceBufferOptions): TraceBuffer {
  const traces = new Map<string, Held>();
  // The spans below which everything else comes late.
  const shown = createRecentSet<string>(SHOWN_SPANS);

  function isComplete(entry: Entry): boolean {
    const { context, parentId } = entry;
    if (!context || (parentId && shown.has(parentId))) return true;
    if (entry.kind === 'span') return isLocalRoot(entry);
    const isSampled = (context.traceFlags & TraceFlags.SAMPLED) !== 0;
    if (!isSampled || context.isRemote === true || !areSpansExpected()) return true;
    return traces.get(context.traceId)?.isLong === true;
  }

  function hold(entry: Entry, traceId: string) {
    let held = traces.get(traceId);
    if (!held) {
      if (traces.size >= maxTraces) showOldest();
      const patience = setTimeout(() => showLogs(traceId), patienceMillis).unref();
      held = { entries: [], dropped: 0, isLong: false, patience };
      traces.set(traceId, held);
    }
    held.entries.push(entry);
    if (held.entries.length > maxEntries) {
      held.entries.shift()?.done(tooMany(maxEntries));
      held.dropped++;
    }
  }

  function release(traceId: string, { patience }: Held) {
    clearTimeout(patience);
    traces.delete(traceId);
  }

  function showBranch(branch: Branch, dropped: number) {
    remember(branch);
    show(branch, dropped);
  }

  function remember({ entry, children }: Branch) {
    if (entry.kind === 'log') return;
    shown.add(entry.span.spanContext().spanId);
    children.forEach(remember);
  }

  function showLogs(traceId: string) {
    const held = traces.get(traceId);
    if (!held) return;
    held.isLong = true;
    const { log = [], span = [] } = Object.groupBy(held.entries, ({ kind }) => kind);
    held.entries = span;
    for (const entry of log) show({ entry, children: [] }, 0);
  }

  function showOldest() {
    const [oldest] = traces;
    if (oldest) showRest(...oldest);
  }

  function showRest(traceId: string, held: Held) {
    release(traceId, held);
    const { grow, taken } = createGrower(held.entries);
    const spanIds = new Set(
      held.entries.map(({ kind, context }) => kind === 'span' && context?.spanId),
    );
    const isTop = ({ parentId }: Entry) => !parentId || !spanIds.has(parentId);
    held.entries.sort((a, b) => compareTimes(a.time, b.time));
    // The tops take everything with them but spans that are their own ancestors.
    for (const entry of [...held.entries.filter(isTop), ...held.entries]) {
      if (taken.has(entry)) continue;
      showBranch(grow(entry), held.dropped);
      held.dropped = 0;
    }
  }

  return {
    add(entry) {
      const traceId = entry.context?.traceId ?? '';
      if (!isComplete(entry)) return hold(entry, traceId);
      if (entry.kind === 'log') return show({ entry, children: [] }, 0);
      const held = traces.get(traceId);
      const { grow, taken } = createGrower(held?.entries ?? []);
      showBranch(grow(entry), held?.dropped ?? 0);
      if (!held) return;
      // What is left waits for another local root of this trace.
      held.entries = held.entries.filter((other) => !taken.has(other));
      held.dropped = 0;
      if (held.entries.length === 0) release(traceId, held);
    },
    flush() {
      for (const [traceId, held] of traces) showRest(traceId, held);
    },
  };
}

function tooMany(maxEntries: number) {
  const message =
    `A span or log record was dropped: its trace holds more than ${maxEntries} that wait for ` +
    'their root span to end. Send such a trace to another exporter.';
  return { code: ExportResultCode.FAILED, error: new Error(message) };
}
