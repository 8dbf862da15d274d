import { TraceFlags } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import { compareTimes, type Entry } from './entry.ts';

/** A span or log record with everything below it, in time order. */
export interface Branch {
  readonly entry: Entry;
  readonly children: readonly Branch[];
}

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
}

const SHOWN_SPANS = 5_000;

/** Collects spans and log records until their local root span has ended. */
export function createTraceBuffer({
  maxTraces = 1_000,
  maxEntries = 1_000,
  areSpansExpected,
  show,
}: TraceBufferOptions): TraceBuffer {
  const traces = new Map<string, Held>();
  // The spans below which everything else comes late. Two sets, the older being forgotten at once:
  // taking the oldest out of one set costs more than all the rest of a tree.
  let shown = new Set<string>();
  let shownBefore = shown;

  function isComplete(entry: Entry): boolean {
    const { context, parentId } = entry;
    if (!context || (parentId && (shown.has(parentId) || shownBefore.has(parentId)))) return true;
    if (entry.kind === 'span') return isLocalRoot(entry);
    const isSampled = (context.traceFlags & TraceFlags.SAMPLED) !== 0;
    return !isSampled || context.isRemote === true || !areSpansExpected();
  }

  function hold(entry: Entry, traceId: string) {
    let held = traces.get(traceId);
    if (!held) {
      if (traces.size >= maxTraces) showOldest();
      held = { entries: [], dropped: 0 };
      traces.set(traceId, held);
    }
    held.entries.push(entry);
    if (held.entries.length > maxEntries) {
      held.entries.shift()?.done(tooMany(maxEntries));
      held.dropped++;
    }
  }

  /** Makes branches out of entries, each entry being used once. */
  function createGrower(entries: readonly Entry[]) {
    const below = Map.groupBy(entries, ({ parentId }) => parentId);
    const taken = new Set<Entry>();
    function grow(entry: Entry): Branch {
      taken.add(entry);
      if (entry.kind === 'log') return { entry, children: [] };
      const id = entry.span.spanContext().spanId;
      remember(id);
      const children = below.get(id) ?? [];
      children.sort((a, b) => compareTimes(a.time, b.time));
      // A span that is its own ancestor can only be made by hand, but must not hang the program.
      return {
        entry,
        children: children.flatMap((child) => (taken.has(child) ? [] : grow(child))),
      };
    }
    return { grow, taken };
  }

  function remember(spanId: string) {
    if (shown.size >= SHOWN_SPANS) {
      shownBefore = shown;
      shown = new Set();
    }
    shown.add(spanId);
  }

  function showOldest() {
    const [oldest] = traces;
    if (oldest) showRest(...oldest);
  }

  function showRest(traceId: string, held: Held) {
    traces.delete(traceId);
    const { grow, taken } = createGrower(held.entries);
    const spanIds = new Set(
      held.entries.map(({ kind, context }) => kind === 'span' && context?.spanId),
    );
    const isTop = ({ parentId }: Entry) => !parentId || !spanIds.has(parentId);
    held.entries.sort((a, b) => compareTimes(a.time, b.time));
    // The tops take everything with them but spans that are their own ancestors.
    for (const entry of [...held.entries.filter(isTop), ...held.entries]) {
      if (taken.has(entry)) continue;
      show(grow(entry), held.dropped);
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
      show(grow(entry), held?.dropped ?? 0);
      if (!held) return;
      // What is left waits for another local root of this trace.
      held.entries = held.entries.filter((other) => !taken.has(other));
      held.dropped = 0;
      if (held.entries.length === 0) traces.delete(traceId);
    },
    flush() {
      for (const [traceId, held] of traces) showRest(traceId, held);
    },
  };
}

export function isLocalRoot(entry: Entry): boolean {
  if (entry.kind === 'log') return false;
  const parent = entry.span.parentSpanContext;
  return !parent || parent.isRemote === true;
}

function tooMany(maxEntries: number) {
  const message =
    `A span or log record was dropped: its trace holds more than ${maxEntries} that wait for ` +
    'their root span to end. Send such a trace to another exporter.';
  return { code: ExportResultCode.FAILED, error: new Error(message) };
}
