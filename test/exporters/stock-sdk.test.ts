import {
  BatchLogRecordProcessor,
  LoggerProvider,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { createConsoleExporter } from 'opentelemetry-instrument-exporters/console';
import { createOtlpExporter } from 'opentelemetry-instrument-exporters/otlp';
import { createPrometheusExporter } from 'opentelemetry-instrument-exporters/prometheus';
import { createTreeExporter } from 'opentelemetry-instrument-exporters/tree';
import { expect, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { createMemoryWriter } from '../support/memory-writer.ts';
import { startSink } from '../support/otlp-protocols.ts';
import { PROTOCOLS } from '../support/protocols.ts';

test("the SDK's batch and log processors accept the tree exporter", async () => {
  const writer = createMemoryWriter();
  const tree = createTreeExporter({ writer });
  const tracers = new BasicTracerProvider({
    spanProcessors: [new BatchSpanProcessor(tree.traces())],
  });
  const loggers = new LoggerProvider({
    processors: [new SimpleLogRecordProcessor({ exporter: tree.logs() })],
  });
  tracers.getTracer('test').startSpan('buy milk').end();
  loggers.getLogger('test').emit({ body: 'bought' });
  await Promise.all([tracers.shutdown(), loggers.shutdown()]);
  expect(writer.text).toContain('buy milk');
  expect(writer.text).toContain('bought');
});

test("the SDK's processors and reader accept the console exporter", async () => {
  const writer = createMemoryWriter();
  const console = createConsoleExporter({ writer });
  const tracers = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(console.traces())],
  });
  const loggers = new LoggerProvider({
    processors: [new SimpleLogRecordProcessor({ exporter: console.logs() })],
  });
  const reader = new PeriodicExportingMetricReader({ exporter: console.metrics() });
  const meters = new MeterProvider({ readers: [reader] });
  tracers.getTracer('test').startSpan('buy milk').end();
  loggers.getLogger('test').emit({ body: 'bought' });
  meters.getMeter('test').createCounter('shop.visits').add(1);
  await Promise.all([tracers.shutdown(), loggers.shutdown(), meters.shutdown()]);
  expect(writer.text).toContain('"name": "buy milk"');
  expect(writer.text).toContain('"body": "bought"');
  expect(writer.text).toContain('"name": "shop.visits"');
});

test.for(PROTOCOLS)(
  "the SDK's processors and reader accept the otlp exporter, %s",
  async (protocol) => {
    const sink = await startSink(protocol);
    const otlp = await createOtlpExporter({
      url: sink.url,
      protocol,
      headers: { 'x-api-key': 'k' },
      compression: 'gzip',
    });
    const tracers = new BasicTracerProvider({
      spanProcessors: [new BatchSpanProcessor(otlp.traces())],
    });
    const loggers = new LoggerProvider({
      processors: [new BatchLogRecordProcessor({ exporter: otlp.logs() })],
    });
    const reader = new PeriodicExportingMetricReader({ exporter: otlp.metrics() });
    const meters = new MeterProvider({ readers: [reader] });
    tracers.getTracer('test').startSpan('buy milk').end();
    loggers.getLogger('test').emit({ body: 'bought' });
    meters.getMeter('test').createCounter('shop.visits').add(1);
    await Promise.all([tracers.shutdown(), loggers.shutdown(), meters.shutdown()]);
    await sink.close();
    expect(sink.spans.map(({ name }) => name)).toEqual(['buy milk']);
    expect(sink.requests).toHaveLength(3);
    for (const { headers } of sink.requests) expect(headers['x-api-key']).toBe('k');
  },
);

test('createOtlpExporter() sends to the endpoints of the specification by default', async () => {
  const http = await createOtlpExporter();
  expect(http.describe('traces')).toBe('OTLP http://localhost:4318/v1/traces');
  expect(http.describe('metrics')).toBe('OTLP http://localhost:4318/v1/metrics');
  expect(http.describe('logs')).toBe('OTLP http://localhost:4318/v1/logs');
  const grpc = await createOtlpExporter({ protocol: 'grpc' });
  expect(grpc.describe('traces')).toBe('OTLP over gRPC http://localhost:4317');
});

test('createOtlpExporter() appends the signal to the path of its base URL', async () => {
  const otlp = await createOtlpExporter({ url: 'https://collector.test/otlp/' });
  expect(otlp.describe('logs')).toBe('OTLP https://collector.test/otlp/v1/logs');
});

test("the SDK's meter provider accepts the Prometheus reader", async () => {
  const port = await freePort();
  const reader = await createPrometheusExporter({ port }).openMetricReader();
  const meters = new MeterProvider({ readers: [reader] });
  meters.getMeter('test').createCounter('shop.visits').add(1);
  const page = await fetch(`http://localhost:${port}/metrics`);
  expect(await page.text()).toContain('shop_visits_total{otel_scope_name="test"} 1');
  await meters.shutdown();
});
