import { expect, test } from 'vitest';
import { createDelivery } from '../../src/telemetry/delivery.ts';
import { measureDeliveries } from '../../src/telemetry/delivery-metrics.ts';
import { recordTelemetry } from '../support/recorded-telemetry.ts';

test('measureDeliveries() tells by the names of the conventions what became of all records', async () => {
  const records = recordTelemetry();
  const spans = createDelivery('traces', 'otlp', () => {}, 'otlp_grpc_span_exporter');
  const lines = createDelivery('logs', 'tree', () => {});
  spans.queueSize = () => 2;
  measureDeliveries(records.meterProvider, [spans, lines]);
  spans.make(10);
  spans.reject(1, 'too old');
  spans.deliver(5);
  spans.drop(1, 'queue_full');
  spans.drop(1, 'timeout');
  lines.make(3);
  lines.deliver(3);

  const otlp = {
    'otel.component.type': 'otlp_grpc_span_exporter',
    'otel.component.name': 'otlp_grpc_span_exporter/0',
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
    [1, { ...otlp, 'error.type': 'rejected' }],
    [1, { ...otlp, 'error.type': 'timeout' }],
  ]);
  expect(await points('otel.sdk.exporter.span.inflight')).toEqual([[1, otlp]]);
  expect(await points('otel.sdk.processor.span.processed')).toEqual([
    [7, batches],
    [1, { ...batches, 'error.type': 'queue_full' }],
  ]);
  expect(await points('otel.sdk.processor.span.queue.size')).toEqual([[2, batches]]);
  expect(await points('otel.sdk.processor.log.processed')).toEqual([]);
  expect(await points('otel.sdk.exporter.log.exported')).toEqual([[3, tree]]);
  expect(await points('otel.sdk.exporter.log.inflight')).toEqual([[0, tree]]);
});
