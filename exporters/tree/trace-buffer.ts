import { clearTimeout, setTimeout } from 'node:timers';
import { TraceFlags } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import { createShownSpans } from './shown-spans.ts';
import {
  compareTimes,
  createTreeBuilder,
  isLocalRoot,
  type TraceNode,
  type TraceRecord,
} from './trace-tree.ts';

/** A buffer of traces whose local root span has not ended. */
export interface TraceBuffer {
  /** Adds a record, and shows its tree if it is complete. */
  add(entry: TraceRecord): void;
  /** Shows the records that still wait for their local root. */
  flush(): void;
}

/** Options of `createTraceBuffer()`. */
export interface TraceBufferOptions {
  /** Buffered traces. Beyond that the oldest is shown incomplete. @default 1_000 */
  readonly maxTraces?: number;
  /** Records buffered for one trace. Beyond that the oldest is dropped. @default 1_000 */
  readonly maxEntries?: number;
  /**
   * Time that log records wait for their local root. Then they, and those that follow, are shown on
   * separate lines.
   * @default 1_000
   */
  readonly logDelayMillis?: number;
  /** Returns true if spans are exported here, so that log records wait for theirs. */
  readonly areSpansExpected: () => boolean;
  /**
   * Shows a request whose local root has ended; or a record that arrived too late, has no trace, or
   * whose trace did not end.
   * @param dropped number of records of its trace that were dropped
   */
  readonly show: (node: TraceNode, dropped: number) => void;
}

interface BufferedTrace {
  entries: TraceRecord[];
  dropped: number;
  /** True after `logDelayMillis`: further log records do not wait. */
  isLong: boolean;
  readonly logTimer: NodeJS.Timeout;
}

/** Collects spans and log records until their local root span has ended. */
export function createTraceBuffer({
  maxTraces = 1_000,
  maxEntries = 1_000,
  logDelayMillis = 1_000,
  areSpansExpected,
  show,
}: TraceBufferOptions): TraceBuffer {
  const traces = new Map<string, BufferedTrace>();
  const shown = createShownSpans();

  function isComplete(entry: TraceRecord): boolean {
    const { context, parentId } = entry;
    if (!context || (parentId && shown.has(parentId))) return true;
    if (entry.kind === 'span') return isLocalRoot(entry);
    const isSampled = (context.traceFlags & TraceFlags.SAMPLED) !== 0;
    if (!isSampled || context.isRemote === true || !areSpansExpected()) return true;
    return traces.get(context.traceId)?.isLong === true;
  }

  function hold(entry: TraceRecord, traceId: string) {
    let buffered = traces.get(traceId);
    if (!buffered) {
      if (traces.size >= maxTraces) showOldest();
      const logTimer = setTimeout(() => showLogs(traceId), logDelayMillis).unref();
      buffered = { entries: [], dropped: 0, isLong: false, logTimer };
      traces.set(traceId, buffered);
    }
    buffered.entries.push(entry);
    if (buffered.entries.length > maxEntries) {
      buffered.entries.shift()?.done(tooMany(maxEntries));
      buffered.dropped++;
    }
  }

  function release(traceId: string, { logTimer }: BufferedTrace) {
    clearTimeout(logTimer);
    traces.delete(traceId);
  }

  function showNode(node: TraceNode, dropped: number) {
    shown.add(node);
    show(node, dropped);
  }

  function showLogs(traceId: string) {
    const buffered = traces.get(traceId);
    if (!buffered) return;
    buffered.isLong = true;
    const { log = [], span = [] } = Object.groupBy(buffered.entries, ({ kind }) => kind);
    buffered.entries = span;
    for (const entry of log) show({ entry, children: [] }, 0);
  }

  function showOldest() {
    const [oldest] = traces;
    if (oldest) showRest(...oldest);
  }

  function showRest(traceId: string, buffered: BufferedTrace) {
    release(traceId, buffered);
    const { build, used } = createTreeBuilder(buffered.entries);
    const spanIds = new Set(
      buffered.entries.map(({ kind, context }) => kind === 'span' && context?.spanId),
    );
    const isTop = ({ parentId }: TraceRecord) => !parentId || !spanIds.has(parentId);
    buffered.entries.sort((a, b) => compareTimes(a.time, b.time));
    // The top records include all others, except for spans that are their own ancestors.
    for (const entry of [...buffered.entries.filter(isTop), ...buffered.entries]) {
      if (used.has(entry)) continue;
      showNode(build(entry), buffered.dropped);
      buffered.dropped = 0;
    }
  }

  return {
    add(entry) {
      const traceId = entry.context?.traceId ?? '';
      if (!isComplete(entry)) return hold(entry, traceId);
      if (entry.kind === 'log') return show({ entry, children: [] }, 0);
      const buffered = traces.get(traceId);
      const { build, used } = createTreeBuilder(buffered?.entries ?? []);
      showNode(build(entry), buffered?.dropped ?? 0);
      if (!buffered) return;
      // The rest waits for another local root of this trace.
      buffered.entries = buffered.entries.filter((other) => !used.has(other));
      buffered.dropped = 0;
      if (buffered.entries.length === 0) release(traceId, buffered);
    },
    flush() {
      for (const [traceId, buffered] of traces) showRest(traceId, buffered);
    },
  };
}

function tooMany(maxEntries: number) {
  const message =
    `A span or log record was dropped: its trace holds more than ${maxEntries} that wait for ` +
    'their root span to end. Send such a trace to another exporter.';
  return { code: ExportResultCode.FAILED, error: new Error(message) };
}
