import type { OtlpSpan } from '../support/otlp-records.ts';
import type { SentRequest, SentTrace } from './traffic.ts';

/** Comparison of the traces that were sent with those that arrived. */
export interface TraceReport {
  /** Traces of which a response had a status of 500 or above. */
  readonly failed: number;
  /** Failed traces that arrived with every span, each once. */
  readonly whole: number;
  /** Failed traces of which some spans arrived. */
  readonly partial: readonly SentTrace[];
  /** Failed traces of which nothing arrived. */
  readonly missing: readonly SentTrace[];
  /** Spans that arrived more than once. */
  readonly duplicates: number;
  /** Traces that were kept because they are slow. */
  readonly slow: number;
  /** Kept traces that neither failed nor are slow, and the number of those that were sent. */
  readonly kept: number;
  readonly others: number;
  /** Kept traces that the client did not send. */
  readonly unknown: readonly string[];
}

const SLOW_NS = 500_000_000n;
const SERVER = 2;
const UNAVAILABLE = 503;

/** Compares what was sent with what arrived. */
export function checkTraces(sent: readonly SentTrace[], spans: readonly OtlpSpan[]): TraceReport {
  const arrived = Map.groupBy(spans, ({ traceId }) => traceId);
  const spansOf = ({ traceId }: SentTrace) => arrived.get(traceId) ?? [];
  const sizes = readSizes(sent, spans);
  const failed = sent.filter(({ requests }) => requests.some(isFailed));
  const others = sent.filter(({ requests }) => !requests.some(isFailed));
  const keptOthers = others.filter((trace) => spansOf(trace).length > 0);
  const isWhole = (trace: SentTrace) => isComplete(trace, spansOf(trace), sizes);
  const known = new Set(sent.map(({ traceId }) => traceId));
  return {
    failed: failed.length,
    whole: failed.filter(isWhole).length,
    partial: failed.filter((trace) => spansOf(trace).length > 0 && !isWhole(trace)),
    missing: failed.filter((trace) => spansOf(trace).length === 0),
    duplicates: spans.length - new Set(spans.map(({ traceId, spanId }) => traceId + spanId)).size,
    slow: keptOthers.filter((trace) => isSlow(spansOf(trace))).length,
    kept: keptOthers.filter((trace) => !isSlow(spansOf(trace))).length,
    others: others.length,
    unknown: [...arrived.keys()].filter((traceId) => !known.has(traceId)),
  };
}

function isFailed({ status }: SentRequest): boolean {
  return status !== undefined && status >= 500;
}

function isSlow(spans: readonly OtlpSpan[]): boolean {
  const start = spans.reduce(
    (min, { startTime }) => (startTime < min ? startTime : min),
    1n << 63n,
  );
  const end = spans.reduce((max, { endTime }) => (endTime > max ? endTime : max), 0n);
  return end - start >= SLOW_NS;
}

/** Returns true if each request that got a response has its SERVER span, with all spans below it. */
function isComplete(
  { requests }: SentTrace,
  spans: readonly OtlpSpan[],
  sizes: ReadonlyMap<string, number>,
): boolean {
  return requests.every((request) => {
    if (request.status === undefined) return true;
    const server = spans.find((span) => isServerOf(request, span));
    if (server === undefined) return false;
    // How many statements a request made before the database went away is not known.
    return (
      request.status === UNAVAILABLE || countBelow(server, spans) === sizes.get(kindOf(request))
    );
  });
}

/** Returns the number of spans below a request of each kind: the most that arrived for one. */
function readSizes(
  sent: readonly SentTrace[],
  spans: readonly OtlpSpan[],
): ReadonlyMap<string, number> {
  const arrived = Map.groupBy(spans, ({ traceId }) => traceId);
  const sizes = new Map<string, number>();
  for (const { traceId, requests } of sent) {
    const own = arrived.get(traceId) ?? [];
    for (const request of requests) {
      const server = own.find((span) => isServerOf(request, span));
      if (server === undefined) continue;
      const kind = kindOf(request);
      sizes.set(kind, Math.max(sizes.get(kind) ?? 0, countBelow(server, own)));
    }
  }
  return sizes;
}

/** Requests of one route and status have the same spans. */
function kindOf({ route, status }: SentRequest): string {
  return `${route.replace(/\d+$/, ':id')} ${status}`;
}

function isServerOf({ spanId }: SentRequest, { kind, parentSpanId }: OtlpSpan): boolean {
  return kind === SERVER && parentSpanId === spanId;
}

function countBelow({ spanId }: OtlpSpan, spans: readonly OtlpSpan[]): number {
  const children = spans.filter(({ parentSpanId }) => parentSpanId === spanId);
  return children.reduce((sum, child) => sum + 1 + countBelow(child, spans), 0);
}
