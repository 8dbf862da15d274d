import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';

/** A condition on spans: an attribute of the span, its resource, its scope, or one of its events or log records. */
export interface TagFilter {
  readonly key: string;
  /** Compared with the attribute's value as a string. */
  readonly value: string;
}

/** The conditions of a search. They are combined by AND; each holds on any span of the trace. */
export interface TraceQuery {
  /** The service that the spans below belong to. @default any service */
  readonly service?: string | undefined;
  /** Name of a span. */
  readonly operation?: string | undefined;
  readonly tags?: readonly TagFilter[] | undefined;
  /** Text within the name or any attribute of a span, or within a log record; case-insensitive. */
  readonly text?: string | undefined;
  /** Duration of the matching span, in milliseconds. */
  readonly minDurationMillis?: number | undefined;
  readonly maxDurationMillis?: number | undefined;
  /** Start of the matching span, in milliseconds since 1970, inclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** `error`: a span has status ERROR. `ok`: none has. */
  readonly status?: 'error' | 'ok' | undefined;
  /** @default newest */
  readonly sort?: 'newest' | 'oldest' | 'longest' | 'shortest' | 'most-spans' | undefined;
  /** @default 20 */
  readonly limit?: number | undefined;
  /** @default 0 */
  readonly offset?: number | undefined;
}

/** One line of a search result. */
export interface TraceSummary {
  readonly traceId: string;
  /** The earliest span without a parent in the store. */
  readonly root: ReadableSpan;
  /** The longest span that matches the query; the root when the query has no conditions on spans. */
  readonly match: ReadableSpan;
  /** Milliseconds since 1970, with fractions. */
  readonly start: number;
  readonly durationMillis: number;
  readonly spanCount: number;
  readonly errorCount: number;
  /** Number of spans whose parent is not in the store: it was not sent, is late, or was dropped. */
  readonly orphanCount: number;
  readonly logCount: number;
  /** Number of spans with `db.system.name`. */
  readonly statementCount: number;
  readonly services: readonly ServiceCount[];
}

export interface ServiceCount {
  readonly name: string;
  readonly spanCount: number;
  readonly errorCount: number;
}

export interface TraceSearchResult {
  /** One page, as `limit` and `offset` ask. */
  readonly traces: readonly TraceSummary[];
  /** All that match. */
  readonly total: number;
}

/** Everything that is kept of one trace. */
export interface StoredTrace {
  readonly traceId: string;
  /** In the order of their starts. */
  readonly spans: readonly ReadableSpan[];
  /** In the order of their times. */
  readonly logs: readonly ReadableLogRecord[];
  /** Spans that were dropped because the trace had too many. */
  readonly droppedSpans: number;
}

export interface LogQuery {
  readonly traceId?: string | undefined;
  readonly service?: string | undefined;
  readonly text?: string | undefined;
  /** Lowest severity number. @see https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber */
  readonly minSeverity?: number | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** @default 100 */
  readonly limit?: number | undefined;
}

/** Contents of the store, and counts of dropped records. */
export interface StoreStats {
  readonly traces: number;
  readonly spans: number;
  readonly logs: number;
  readonly maxTraces: number;
  readonly maxBytes: number;
  /** Estimated. */
  readonly bytes: number;
  /** Start of the oldest trace in milliseconds since 1970; undefined when the store is empty. */
  readonly oldest: number | undefined;
  /** Evicted to keep the limits. */
  readonly droppedTraces: number;
  readonly droppedSpans: number;
  readonly droppedLogs: number;
  /** Kept in memory, but not in the file of `--save`. @default 0 */
  readonly unsavedRecords?: number | undefined;
}

/** Bounds of a store. */
export interface StoreLimits {
  /** @default 10_000 */
  readonly maxTraces: number;
  /** @default 67_108_864 */
  readonly maxBytes: number;
  /** @default 5_000 */
  readonly maxSpansPerTrace: number;
  /** @default 10_000 */
  readonly maxLogs: number;
}

/**
 * Keeps spans and log records, finds them, and drops the oldest traces at its limits.
 *
 * Implementations are held equal by `test/contracts/trace-store.ts`. `add` methods never throw on
 * odd records, keep records by reference where they can, and cost a microsecond or less per span.
 */
export interface TraceStore {
  /** @returns how many are refused because their trace has too many spans, or they cannot be read */
  addSpans(spans: readonly ReadableSpan[]): number;
  /** Keeps spans and indexes them when they are read, for programs that add them within their requests. */
  deferSpans(spans: readonly ReadableSpan[]): void;
  addLogs(records: readonly ReadableLogRecord[]): void;
  findTraces(query: TraceQuery): TraceSearchResult;
  /** @param traceId 32 hexadecimal digits */
  getTrace(traceId: string): StoredTrace | undefined;
  /** Newest first. */
  findLogs(query: LogQuery): readonly ReadableLogRecord[];
  /** Names, sorted. */
  services(): readonly string[];
  /** Names and kinds of a service's spans, sorted by name. */
  operations(service: string): readonly Operation[];
  stats(): StoreStats;
  /**
   * Calls back after records were added, at most every 200 ms, with the ids of the traces that changed.
   * @returns a function that ends the subscription
   */
  subscribe(listener: (traceIds: ReadonlySet<string>) => void): () => void;
  /** Drops everything. */
  clear(): void;
  close(): void;
}

export interface Operation {
  readonly name: string;
  /** `SpanKind` of the API: 0 INTERNAL to 4 CONSUMER. */
  readonly kind: number;
}
