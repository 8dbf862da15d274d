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

/** What a person finds the records by. */
export interface Mark extends Record<string, AttributeValue> {
  'doctor.id': string;
}

const SCOPE = 'doctor';
const processor = { forceFlush: async () => {}, shutdown: async () => {} };

/** A finished span, whatever the sampler of the settings says. */
export function makeSpan(resource: Resource, attributes: Mark): ReadableSpan {
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

export function makeLogRecord(resource: Resource, attributes: Mark): ReadableLogRecord {
  const records: ReadableLogRecord[] = [];
  const collect = {
    ...processor,
    onEmit: (record: ReadableLogRecord) => void records.push(record),
  };
  new LoggerProvider({ resource, processors: [collect] }).getLogger(SCOPE).emit({
    severityNumber: SeverityNumber.INFO,
    severityText: 'INFO',
    body: 'The doctor asks whether log records arrive.',
    attributes,
  });
  return only(records);
}

/** One point of a counter, in the temporality that the exporter asks for. */
export async function makeMetrics(
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
  if (record === undefined) throw new Error('The SDK made no record of it.');
  return record;
}
