import type { Attributes, HrTime, SpanKind, SpanStatus } from '@opentelemetry/api';

/** A span that a page has sent, of which everything has been checked. */
export interface BrowserSpan {
  /** 32 and 16 hexadecimal digits in lower case, not all zero. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** Of which `1` is the sampled flag. */
  readonly traceFlags: number;
  readonly name: string;
  readonly kind: SpanKind.INTERNAL | SpanKind.CLIENT;
  readonly startTime: HrTime;
  /** Not before the start. */
  readonly endTime: HrTime;
  readonly status: SpanStatus;
  readonly attributes: Attributes;
  /** How many were left out. */
  readonly droppedAttributesCount: number;
  readonly events: readonly BrowserEvent[];
  readonly droppedEventsCount: number;
}

export interface BrowserEvent {
  readonly time: HrTime;
  readonly name: string;
  readonly attributes: Attributes;
}
