import { type StoredTrace, serviceOf, type TraceStore } from '../../store/index.ts';
import { groupSpans, layOutTrace } from '../spans/index.ts';

/** Spans of one name in two traces. */
export interface ComparedSpans {
  readonly service: string;
  readonly name: string;
  readonly countA: number;
  readonly countB: number;
  readonly totalA: number;
  readonly totalB: number;
  /** Milliseconds that B takes more than A; negative when it takes less. */
  readonly difference: number;
}

/** Counts and total durations by service and name. */
export type SpanTotals = ReadonlyMap<string, SpanTotal>;

interface SpanTotal {
  readonly service: string;
  readonly name: string;
  readonly count: number;
  readonly total: number;
}

export function totalSpans(trace: Pick<StoredTrace, 'spans'>): SpanTotals {
  const { nodes } = layOutTrace({ spans: trace.spans, logs: [] });
  return new Map(
    groupSpans(nodes).map(({ service, name, count, total }) => [
      `${service}\n${name}`,
      { service, name, count, total },
    ]),
  );
}

/** Compares two traces span name by span name, the largest difference first. */
export function compareTotals(a: SpanTotals, b: SpanTotals): readonly ComparedSpans[] {
  const rows: ComparedSpans[] = [];
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    const [inA, inB] = [a.get(key), b.get(key)];
    const { service = '', name = '' } = inA ?? inB ?? {};
    const [totalA, totalB] = [inA?.total ?? 0, inB?.total ?? 0];
    rows.push({
      service,
      name,
      countA: inA?.count ?? 0,
      countB: inB?.count ?? 0,
      totalA,
      totalB,
      difference: totalB - totalA,
    });
  }
  return rows.sort((x, y) => Math.abs(y.difference) - Math.abs(x.difference));
}

const USUAL_SAMPLE = 50;

/** The median of the newest traces with the same root. */
export interface UsualTrace {
  readonly totals: SpanTotals;
  readonly traces: number;
}

export function findUsual(store: TraceStore, trace: StoredTrace): UsualTrace {
  const root = layOutTrace(trace).roots[0]?.span;
  if (!root) return { totals: new Map(), traces: 0 };
  const { traces } = store.findTraces({
    service: serviceOf(root),
    operation: root.name,
    limit: USUAL_SAMPLE,
  });
  const others = traces
    .filter(({ traceId }) => traceId !== trace.traceId)
    .flatMap(({ traceId }) => store.getTrace(traceId) ?? [])
    .map(totalSpans);
  return { totals: medianTotals(others), traces: others.length };
}

/** Returns the median count and duration of each span name over all traces; missing spans are 0. */
export function medianTotals(all: readonly SpanTotals[]): SpanTotals {
  const medians = new Map<string, SpanTotal>();
  for (const [key, { service, name }] of all.flatMap((totals) => [...totals])) {
    if (medians.has(key)) continue;
    const count = median(all.map((totals) => totals.get(key)?.count ?? 0));
    const total = median(all.map((totals) => totals.get(key)?.total ?? 0));
    medians.set(key, { service, name, count, total });
  }
  for (const [key, { count }] of medians) if (count === 0) medians.delete(key);
  return medians;
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? 0;
}
