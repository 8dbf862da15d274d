import { createTraceState, type HrTime } from '@opentelemetry/api';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import fc from 'fast-check';
import { anyAttributes, anyText, anyValue } from './arbitrary-values.ts';

const count = fc.oneof(fc.constantFrom(0, 127, 128, 2 ** 32 - 1), fc.nat());

// Up to the last second that 64 bits of nanoseconds hold, in the year 2554.
const time: fc.Arbitrary<HrTime> = fc.tuple(
  fc.oneof(
    fc.integer({ min: 1.7e9, max: 2.2e9 }),
    fc.maxSafeNat().map((n) => n % 18_446_744_073),
  ),
  fc.nat(999_999_999),
);

function id(digits: number): fc.Arbitrary<string> {
  return fc.string({
    unit: fc.constantFrom(...'0123456789abcdefABCDEF'),
    minLength: digits,
    maxLength: digits,
  });
}

const spanContext = fc.record({
  traceId: id(32),
  spanId: id(16),
  traceFlags: fc.nat(1023),
  isRemote: fc.constantFrom(true, false, undefined),
  traceState: fc.constantFrom(
    undefined,
    createTraceState(''),
    createTraceState('vendor=1'),
    createTraceState(`a=${'x'.repeat(200)},b=${'y'.repeat(200)}`),
  ),
});

const event = fc.record({
  time,
  name: anyText,
  attributes: fc.option(anyAttributes, { nil: undefined }),
  droppedAttributesCount: fc.option(count, { nil: undefined }),
});

const link = fc.record({
  context: spanContext,
  attributes: fc.option(anyAttributes, { nil: undefined }),
  droppedAttributesCount: fc.option(count, { nil: undefined }),
});

const span = fc.record({
  context: spanContext,
  parentSpanContext: fc.option(spanContext, { nil: undefined }),
  name: anyText,
  kind: fc.nat(4),
  startTime: time,
  endTime: time,
  attributes: anyAttributes,
  droppedAttributesCount: count,
  events: fc.array(event, { maxLength: 3 }),
  droppedEventsCount: count,
  links: fc.array(link, { maxLength: 3 }),
  droppedLinksCount: count,
  status: fc.record({ code: fc.nat(2), message: fc.option(anyText, { nil: undefined }) }),
});

const logRecord = fc.record({
  hrTime: time,
  hrTimeObserved: time,
  severityNumber: fc.option(fc.nat(24), { nil: undefined }),
  severityText: fc.option(anyText, { nil: undefined }),
  body: anyValue,
  eventName: fc.option(anyText, { nil: undefined }),
  attributes: anyAttributes,
  droppedAttributesCount: count,
  spanContext: fc.option(spanContext, { nil: undefined }),
});

const schemaUrl = fc.constantFrom(undefined, '', 'https://example.com/schemas/1');
const origins = fc.record({
  resources: fc.array(fc.record({ attributes: anyAttributes, schemaUrl }), {
    minLength: 1,
    maxLength: 3,
  }),
  scopes: fc.array(
    fc.record({
      name: anyText,
      version: fc.option(anyText, { nil: undefined }),
      schemaUrl,
      attributes: fc.option(anyAttributes, { nil: undefined }),
      droppedAttributesCount: fc.option(count, { nil: undefined }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

/** Records of up to three resources and three scopes, these shared and all interleaved. */
function interleaved<T>(record: fc.Arbitrary<T>) {
  return origins.chain(({ resources, scopes }) =>
    fc.array(
      fc
        .tuple(record, fc.constantFrom(...resources), fc.constantFrom(...scopes))
        .map(([it, resource, instrumentationScope]) => ({ ...it, resource, instrumentationScope })),
      { maxLength: 8 },
    ),
  );
}

/** Spans as the SDK hands them on, made of anything that their types allow, and more. */
export const anySpans: fc.Arbitrary<ReadableSpan[]> = interleaved(
  span.map(({ context, ...span }) => ({ ...span, spanContext: () => context })),
) as unknown as fc.Arbitrary<ReadableSpan[]>;

/** The same for log records. */
export const anyLogRecords: fc.Arbitrary<ReadableLogRecord[]> = interleaved(
  logRecord,
) as unknown as fc.Arbitrary<ReadableLogRecord[]>;
