import type { AttributeValue } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import type { Resource } from '@opentelemetry/resources';
import { LoggerProvider, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import {
  AggregationTemporality,
  MeterProvider,
  MetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace-base';

/** Attributes by which a user finds the records. */
export interface Mark extends Record<string, AttributeValue> {
  'doctor.id': string;
}

const SCOPE = 'doctor';
const processor = { forceFlush: async () => {}, shutdown: async () => {} };

/** Creates an ended span, regardless of the configured sampler. */
export function createSpan(resource: Resource, attributes: Mark): ReadableSpan {
  const spans: ReadableSpan[] = [];
  const collect = {
    ...processor,
    onStart() {},
    onEnd: (span: ReadableSpan) => void spans.push(span),
  };
  const sampler = new AlwaysOnSampler();
  new BasicTracerProvider({ resource, sampler, spanProcessors: [collect] })
    .getTracer(SCOPE)
    .startSpan('doctor', { root: true, attributes })
    .end();
  return only(spans);
}

/** Creates a log record. */
export function createLogRecord(resource: Resource, attributes: Mark): ReadableLogRecord {
  const records: ReadableLogRecord[] = [];
  const collect = {
    ...processor,
    onEmit: (record: ReadableLogRecord) => void records.push(record),
  };
  new LoggerProvider({ resource, processors: [collect] }).getLogger(SCOPE).emit({
    severityNumber: SeverityNumber.INFO,
    severityText: 'INFO',
    body: 'The doctor checks that log records arrive.',
    attributes,
  });
  return only(records);
}

/** Collects one data point of a counter, with the temporality that the exporter selects. */
export async function createMetrics(
  resource: Resource,
  attributes: Mark,
  exporter: PushMetricExporter,
): Promise<ResourceMetrics> {
  class Reader extends MetricReader {
    protected override async onForceFlush() {}
    protected override async onShutdown() {}
  }
  const reader = new Reader({
    aggregationTemporalitySelector: (type) =>
      exporter.selectAggregationTemporality?.(type) ?? AggregationTemporality.CUMULATIVE,
  });
  const provider = new MeterProvider({ resource, readers: [reader] });
  provider.getMeter(SCOPE).createCounter('doctor.checks', { unit: '{check}' }).add(1, attributes);
  return (await reader.collect()).resourceMetrics;
}

function only<T>(records: readonly T[]): T {
  const [record] = records;
  if (record === undefined) throw new Error('The SDK created no record.');
  return record;
}
