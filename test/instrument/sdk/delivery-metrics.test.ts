import { expect, test } from 'vitest';
import { createDelivery } from '../../../packages/opentelemetry-instrument/src/sdk/export-stats/delivery.ts';
import { measureDeliveries } from '../../../packages/opentelemetry-instrument/src/sdk/export-stats/delivery-metrics.ts';
import { createLossReport } from '../../../packages/opentelemetry-instrument/src/sdk/export-stats/loss-report.ts';
import { recordTelemetry } from '../../support/recorded-telemetry.ts';

test('measureDeliveries() counts the outcome of all records under the names of the conventions', async () => {
  const records = recordTelemetry();
  const server = { address: 'collector', port: 4317 };
  const spans = createDelivery(
    'traces',
    createLossReport('otlp', () => {}),
    'otlp_grpc_span_exporter',
    server,
  );
  const lines = createDelivery(
    'logs',
    createLossReport('tree', () => {}),
  );
  spans.queueSize = () => 2;
  spans.queueCapacity = 2_048;
  measureDeliveries(records.meterProvider, [spans, lines]);
  spans.create(12);
  spans.complete(5, { count: 1, message: 'too old' });
  spans.drop(1, 'queue_full');
  spans.drop(1, 'timeout');
  spans.drop(2, 'failed', { problem: 'the collector is busy' }, '503');
  spans.onExported?.(0.5);
  spans.onExported?.(1.5);
  spans.onExported?.(2, '503');
  lines.create(3);
  lines.complete(3);

  const otlp = {
    'otel.component.type': 'otlp_grpc_span_exporter',
    'otel.component.name': 'otlp_grpc_span_exporter/0',
    'server.address': 'collector',
    'server.port': 4317,
  };
  const batches = {
    'otel.component.type': 'batching_span_processor',
    'otel.component.name': 'batching_span_processor/0',
  };
  const tree = { 'otel.component.type': 'tree_exporter', 'otel.component.name': 'tree_exporter/0' };
  const points = async (name: string) =>
    (await records.points(name)).map(({ attributes, value }) => [value, attributes]);
  expect(await points('otel.sdk.exporter.span.exported')).toEqual([
    [4, otlp],
    [2, { ...otlp, 'error.type': '503' }],
    [1, { ...otlp, 'error.type': 'rejected' }],
    [1, { ...otlp, 'error.type': 'timeout' }],
  ]);
  expect(await points('otel.sdk.exporter.span.inflight')).toEqual([[1, otlp]]);
  expect(await points('otel.sdk.processor.span.processed')).toEqual([
    [9, batches],
    [1, { ...batches, 'error.type': 'queue_full' }],
  ]);
  expect(await points('otel.sdk.processor.span.queue.size')).toEqual([[2, batches]]);
  expect(await points('otel.sdk.processor.span.queue.capacity')).toEqual([[2_048, batches]]);
  expect(await points('otel.sdk.exporter.operation.duration')).toMatchObject([
    [{ count: 2, sum: 2, buckets: { boundaries: [], counts: [2] } }, otlp],
    [
      { count: 1, sum: 2 },
      { ...otlp, 'error.type': '503' },
    ],
  ]);
  // An export to a terminal is a part of a request, which must not pay for its measurement.
  expect(lines.onExported).toBeUndefined();
  expect(await points('otel.sdk.processor.log.processed')).toEqual([]);
  expect(await points('otel.sdk.exporter.log.exported')).toEqual([[3, tree]]);
  expect(await points('otel.sdk.exporter.log.inflight')).toEqual([[0, tree]]);
});
