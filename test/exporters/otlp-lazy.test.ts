import { expect, test, vi } from 'vitest';
import { openOtlp, send, startSink } from '../support/otlp-protocols.ts';
import { recordSpans } from '../support/sdk-records.ts';

// A factory is called when its module is evaluated.
const { evaluated } = vi.hoisted(() => ({ evaluated: [] as string[] }));
vi.mock('../../exporters/otlp/http/index.ts', async (original) => {
  evaluated.push('http');
  return original();
});
vi.mock('../../exporters/otlp/grpc/index.ts', async (original) => {
  evaluated.push('grpc');
  return original();
});
vi.mock('node:http2', async (original) => {
  evaluated.push('node:http2');
  return original();
});

const spans = () => recordSpans((tracer) => tracer.startSpan('a').end());

test('loadOtlpExporter() loads only the transports of protocols in use', async () => {
  const url = 'http://127.0.0.1:9';
  await openOtlp('grpc', url, {
    OTEL_TRACES_EXPORTER: 'none',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
  });
  expect(evaluated).toEqual([]);

  await openOtlp('http/json', url);
  expect(evaluated).toEqual(['http']);

  await openOtlp('http/protobuf', url, { OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'grpc' });
  expect(evaluated).toEqual(['http', 'grpc', 'node:http2']);
});

test('loadOtlpExporter() sends each signal over its own protocol', async () => {
  await using http = await startSink('http/json');
  await using grpc = await startSink('grpc');
  const exporter = await openOtlp('grpc', grpc.url, {
    OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${http.url}/v1/logs`,
  });
  expect(exporter.describe('traces')).toBe(`OTLP over gRPC ${grpc.url}`);
  expect(exporter.describe('logs')).toBe(`OTLP as JSON ${http.url}/v1/logs`);
  await send(exporter, 'traces', spans());
  await send(exporter, 'logs', []);
  expect(grpc.spans).toHaveLength(1);
  expect(http.requests).toMatchObject([{ signal: 'logs' }]);
});
