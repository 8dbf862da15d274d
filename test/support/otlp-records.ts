import type { Attributes, AttributeValue } from './otlp-values.ts';

/** Origin of a record: resource and scope. */
export interface Origin {
  readonly resource: Attributes;
  readonly scope: { readonly name: string; readonly version: string };
}

/** A span. Times are nanoseconds since 1970; ids lower-case hex, `''` where there is none. */
export interface OtlpSpan extends Origin {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly flags: number;
  readonly name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly startTime: bigint;
  readonly endTime: bigint;
  readonly attributes: Attributes;
  readonly events: readonly { name: string; time: bigint; attributes: Attributes }[];
  readonly links: readonly { traceId: string; spanId: string; attributes: Attributes }[];
  /** Code 0 is unset, 1 ok, 2 error. */
  readonly status: { readonly code: number; readonly message: string };
}

/** One data point of a metric. Its fields depend on the metric's type. */
export interface OtlpDataPoint {
  readonly attributes: Attributes;
  readonly startTime: bigint;
  readonly time: bigint;
  readonly value?: number;
  readonly count?: number;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
  readonly bounds?: readonly number[];
  readonly bucketCounts?: readonly number[];
}

export interface OtlpMetric extends Origin {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly type: 'gauge' | 'sum' | 'histogram' | 'exponentialHistogram' | 'summary';
  /** 0 where the type has none, 1 delta, 2 cumulative. */
  readonly temporality: number;
  readonly isMonotonic: boolean;
  readonly points: readonly OtlpDataPoint[];
}

/** A log record. Times and ids as in a span. */
export interface OtlpLog extends Origin {
  readonly time: bigint;
  readonly observedTime: bigint;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly eventName: string;
  readonly body: AttributeValue;
  readonly attributes: Attributes;
  readonly traceId: string;
  readonly spanId: string;
}

/** Records of one export request; two of the three lists are empty. */
export interface OtlpRecords {
  readonly spans: readonly OtlpSpan[];
  readonly metrics: readonly OtlpMetric[];
  readonly logs: readonly OtlpLog[];
}
