import type { Attributes, HrTime, SpanKind, SpanStatus } from '@opentelemetry/api';

/** A validated span from a web page. */
export interface BrowserSpan {
  /** 32 lowercase hexadecimal digits, not all zero. */
  readonly traceId: string;
  /** 16 lowercase hexadecimal digits, not all zero. */
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** W3C trace flags; `1` means sampled. */
  readonly traceFlags: number;
  readonly name: string;
  readonly kind: SpanKind.INTERNAL | SpanKind.CLIENT;
  readonly startTime: HrTime;
  /** Not earlier than `startTime`. */
  readonly endTime: HrTime;
  readonly status: SpanStatus;
  readonly attributes: Attributes;
  /** Number of attributes that were invalid or above the limit. */
  readonly droppedAttributesCount: number;
  readonly events: readonly BrowserEvent[];
  /** Number of events that were invalid or above the limit. */
  readonly droppedEventsCount: number;
}

/** A validated event of a browser span. */
export interface BrowserEvent {
  readonly time: HrTime;
  readonly name: string;
  readonly attributes: Attributes;
}
