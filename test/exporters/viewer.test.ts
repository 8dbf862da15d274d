import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { expect, test } from 'vitest';
import { createViewerExporter } from '../../exporters/viewer.ts';
import { testExporter } from '../contracts/exporter.ts';
import { recordSpans } from '../support/sdk-records.ts';

function createSink() {
  const records: unknown[] = [];
  const add = (added: readonly unknown[]) => void records.push(...added);
  const addMetrics = (metrics: unknown) => void records.push(metrics);
  return { records, url: 'http://localhost:16686', addSpans: add, addLogs: add, addMetrics };
}

testExporter('viewer', async () => {
  const viewer = createSink();
  return {
    exporter: createViewerExporter(viewer),
    arrived: () => viewer.records.map(nameOf).join(),
    close: async () => {},
  };
});

/** Returns the name of a span or metric, or the body of a log record. */
function nameOf(record: unknown): unknown {
  const { name, body, scopeMetrics } = record as Partial<
    ReadableSpan & ReadableLogRecord & ResourceMetrics
  >;
  return name ?? body ?? scopeMetrics?.[0]?.metrics[0]?.descriptor.name;
}

test('createViewerExporter() passes a span to the viewer by reference when it enters a batch', async () => {
  const viewer = createSink();
  const [span] = recordSpans((tracer) => tracer.startSpan('milk').end());
  const traces = createViewerExporter(viewer).traces();
  const batch = traces.createBatch?.();
  if (span) expect(batch?.push(span)).toBe(1);
  expect(viewer.records).toEqual([span]);
  expect(viewer.records[0]).toBe(span);
  traces.export(batch as never, () => {});
  expect(viewer.records).toHaveLength(1);
});

test('createViewerExporter() throws without a viewer', () => {
  expect(() => createViewerExporter(undefined)).toThrow('there is no viewer in this process');
});
