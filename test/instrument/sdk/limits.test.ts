import type { Attributes } from '@opentelemetry/api';
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { describe, expect, test } from 'vitest';
import {
  batchOptions,
  logRecordLimits,
  spanLimits,
} from '../../../packages/opentelemetry-instrument/src/sdk/limits.ts';
import { describeProblem } from '../../../packages/opentelemetry-instrument/src/settings/problem.ts';
import { readSettings } from '../../../packages/opentelemetry-instrument/src/settings/read-settings.ts';
import { settingsOf } from '../../support/settings.ts';

const LONG = 'x'.repeat(10_000);
const many: Attributes = Object.fromEntries(
  Array.from({ length: 200 }, (_, i) => [`k${i}`, i === 0 ? LONG : [LONG, 'short']]),
);

/** Records a span that exceeds all limits. */
function record(variables: Record<string, string>): ReadableSpan {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({
    spanLimits: spanLimits(settingsOf(variables)),
    spanProcessors: [new SimpleSpanProcessor(exporter)],
  });
  const span = provider.getTracer('test').startSpan('span', { attributes: many });
  for (let i = 0; i < 200; i++) {
    span.addEvent('event', many);
    span.addLink({ context: span.spanContext(), attributes: many });
  }
  span.end();
  return exporter.getFinishedSpans()[0] as ReadableSpan;
}

/** Returns the number of attributes left, and the length of the first string, alone and in a list. */
function sizes(attributes: Attributes = {}) {
  const list = attributes.k1 as string[] | undefined;
  return {
    count: Object.keys(attributes).length,
    length: String(attributes.k0).length,
    listed: list?.[0]?.length,
  };
}

describe('a span', () => {
  test('keeps 128 of everything, and texts of any length', () => {
    const span = record({});
    const { attributes, events, links } = span;
    const all = { count: 128, length: LONG.length, listed: LONG.length };
    expect(sizes(attributes)).toEqual(all);
    expect(events).toHaveLength(128);
    expect(links).toHaveLength(128);
    expect(sizes(events[0]?.attributes)).toEqual(all);
    expect(sizes(links[0]?.attributes)).toEqual(all);
    expect(span.droppedAttributesCount).toBe(72);
    expect(span.droppedEventsCount).toBe(72);
    expect(span.droppedLinksCount).toBe(72);
  });

  test('has separate limits for attributes, events and links, and for their attributes', () => {
    const { attributes, events, links } = record({
      OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '5',
      OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT: '20',
      OTEL_SPAN_EVENT_COUNT_LIMIT: '3',
      OTEL_SPAN_LINK_COUNT_LIMIT: '4',
      OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: '6',
      OTEL_LINK_ATTRIBUTE_COUNT_LIMIT: '7',
      // These are overridden.
      OTEL_ATTRIBUTE_COUNT_LIMIT: '100',
      OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '100',
    });
    expect(sizes(attributes)).toEqual({ count: 5, length: 20, listed: 20 });
    expect(events).toHaveLength(3);
    expect(links).toHaveLength(4);
    expect(sizes(events[0]?.attributes)).toEqual({ count: 6, length: 20, listed: 20 });
    expect(sizes(links[0]?.attributes)).toEqual({ count: 7, length: 20, listed: 20 });
  });
});

/** Returns the attributes of a log record that has too many. */
function log(variables: Record<string, string>): Attributes {
  const exporter = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({
    logRecordLimits: logRecordLimits(settingsOf(variables)),
    processors: [new SimpleLogRecordProcessor({ exporter })],
  });
  provider.getLogger('test').emit({ body: LONG, attributes: many });
  const [record] = exporter.getFinishedLogRecords();
  // The message is not an attribute.
  expect(record?.body).toBe(LONG);
  return record?.attributes as Attributes;
}

describe('a log record', () => {
  test('keeps 128 attributes, and texts of any length', () => {
    expect(sizes(log({}))).toEqual({ count: 128, length: LONG.length, listed: LONG.length });
  });

  test('has separate limits', () => {
    const attributes = log({
      OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: '5',
      OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT: '20',
      OTEL_ATTRIBUTE_COUNT_LIMIT: '100',
      OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '100',
    });
    expect(sizes(attributes)).toEqual({ count: 5, length: 20, listed: 20 });
  });
});

test('general attribute limits apply to spans and log records without their own', () => {
  const variables = { OTEL_ATTRIBUTE_COUNT_LIMIT: '9', OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '1' };
  const limited = { count: 9, length: 1, listed: 1 };
  expect(sizes(record(variables).attributes)).toEqual(limited);
  expect(sizes(log(variables))).toEqual(limited);
  // Events and links have their own limits, with other defaults.
  expect(sizes(record(variables).events[0]?.attributes)).toEqual({ ...limited, count: 128 });
});

test.each([
  'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT',
  'OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT',
  'OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT',
])('%s=0, which the SDK does not support, is reported and sets no limit', (name) => {
  const { problems, settings } = readSettings({ variable: { [name]: '0' } });
  expect(problems.map(describeProblem)).toEqual([
    expect.stringContaining(`${name}: "0" is out of range`),
  ]);
  expect(spanLimits(settings).attributeValueLengthLimit).toBe(Number.POSITIVE_INFINITY);
  expect(logRecordLimits(settings).attributeValueLengthLimit).toBe(Number.POSITIVE_INFINITY);
});

test('batchOptions() limits a batch to its queue, separately for spans and log records', () => {
  const settings = settingsOf({
    OTEL_BSP_MAX_QUEUE_SIZE: '100',
    OTEL_BSP_SCHEDULE_DELAY: '0',
    OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '7',
  });
  expect(batchOptions('BSP', settings)).toEqual({
    maxQueueSize: 100,
    maxBatchSize: 100,
    scheduleDelayMillis: 0,
  });
  expect(batchOptions('BLRP', settings)).toEqual({
    maxQueueSize: 16_384,
    maxBatchSize: 7,
    scheduleDelayMillis: 1_000,
  });
});
