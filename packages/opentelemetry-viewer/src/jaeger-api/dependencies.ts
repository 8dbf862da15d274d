import { serviceOf, type TraceStore } from '../store/index.ts';

/** Calls from one service to another. */
export interface ServiceCalls {
  readonly parent: string;
  readonly child: string;
  readonly callCount: number;
}

/**
 * Counts the spans whose parent belongs to another service, by both services.
 * @param from start of the earliest trace in milliseconds since 1970
 */
export function countCalls(store: TraceStore, from: number, to: number): ServiceCalls[] {
  const calls = new Map<string, { parent: string; child: string; callCount: number }>();
  for (const { traceId, services } of store.findTraces({ from, to, limit: store.stats().maxTraces })
    .traces) {
    if (services.length < 2) continue;
    const spans = store.getTrace(traceId)?.spans ?? [];
    const byId = new Map(spans.map((span) => [span.spanContext().spanId, serviceOf(span)]));
    for (const span of spans) {
      const parent = byId.get(span.parentSpanContext?.spanId ?? '');
      const child = serviceOf(span);
      if (parent === undefined || parent === child) continue;
      const key = JSON.stringify([parent, child]);
      const call = calls.get(key) ?? { parent, child, callCount: 0 };
      call.callCount += 1;
      calls.set(key, call);
    }
  }
  return [...calls.values()];
}
