import type { TraceStore } from './trace-store.ts';

const INTERVAL_MS = 200;

/** Collects the ids of traces that changed, and passes them to listeners from time to time. */
export interface ChangeNotifier {
  /** @param traceId empty for a log record without a trace */
  note(traceId: string): void;
  readonly subscribe: TraceStore['subscribe'];
  close(): void;
}

/** Creates a notifier. It costs nothing while there are no listeners, and its timer keeps no process alive. */
export function createChangeNotifier(): ChangeNotifier {
  const listeners = new Set<(traceIds: ReadonlySet<string>) => void>();
  let changed = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  function notify(): void {
    timer = undefined;
    const traceIds = changed;
    changed = new Set();
    for (const listener of listeners) {
      try {
        listener(traceIds);
      } catch {
        // One listener must not keep the others from being called, nor end the process.
      }
    }
  }

  return {
    note(traceId) {
      if (listeners.size === 0) return;
      if (traceId) changed.add(traceId);
      if (timer !== undefined) return;
      timer = setTimeout(notify, INTERVAL_MS);
      timer.unref();
    },
    subscribe(listener) {
      // A wrapper, so that one function can be subscribed twice.
      const entry = (traceIds: ReadonlySet<string>) => listener(traceIds);
      listeners.add(entry);
      return () => void listeners.delete(entry);
    },
    close() {
      clearTimeout(timer);
      timer = undefined;
      listeners.clear();
    },
  };
}
