import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { expect, onTestFinished, test } from 'vitest';
import { encodeExportResponse } from './otlp-definitions.ts';
import { type OtlpSink, startOtlpSink } from './otlp-sink.ts';

const resource = resourceFromAttributes({ 'service.name': 'sink-test' });

async function sinkForTest(): Promise<OtlpSink> {
  const sink = await startOtlpSink();
  onTestFinished(() => sink.close());
  return sink;
}

function tracerProvider(sink: OtlpSink, options = {}): BasicTracerProvider {
  const exporter = new OTLPTraceExporter({ url: `${sink.url}/v1/traces`, ...options });
  return new BasicTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
}

async function send(sink: OtlpSink, body: Uint8Array, path = '/v1/traces'): Promise<number> {
  const headers = { 'content-type': 'application/x-protobuf' };
  const outgoing = httpRequest(sink.url + path, { method: 'POST', headers });
  outgoing.end(body);
  const [incoming] = await once(outgoing, 'response');
  incoming.resume();
  return incoming.statusCode;
}

test('startOtlpSink() decodes spans with resource, scope, ids, times and every attribute type', async () => {
  const sink = await sinkForTest();
  const provider = tracerProvider(sink, { compression: 'gzip', headers: { 'x-key': 'k' } });
  const attributes = { text: 'a', int: 7, double: 0.5, flag: false, list: ['a', 'b'], none: [] };
  const span = provider
    .getTracer('scope', '1.2.3')
    .startSpan('GET /', { kind: 1, attributes, startTime: [1_700_000_000, 5] });
  span.addEvent('happened', { n: 1 });
  span.setStatus({ code: 2, message: 'broken' }).end([1_700_000_001, 6]);
  await provider.shutdown();

  expect(sink.spans).toMatchObject([
    {
      resource: { 'service.name': 'sink-test' },
      scope: { name: 'scope', version: '1.2.3' },
      traceId: span.spanContext().traceId,
      spanId: span.spanContext().spanId,
      parentSpanId: '',
      name: 'GET /',
      kind: 2,
      startTime: 1_700_000_000_000_000_005n,
      endTime: 1_700_000_001_000_000_006n,
      attributes,
      events: [{ name: 'happened', attributes: { n: 1 } }],
      status: { code: 2, message: 'broken' },
    },
  ]);
  expect(sink.requests).toMatchObject([
    { signal: 'traces', unknownFields: [], headers: { 'x-key': 'k', 'content-encoding': 'gzip' } },
  ]);
});

test('startOtlpSink() decodes metrics: counters, gauges and histograms', async () => {
  const sink = await sinkForTest();
  const exporter = new OTLPMetricExporter({ url: `${sink.url}/v1/metrics` });
  const provider = new MeterProvider({
    resource,
    readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 })],
  });
  const meter = provider.getMeter('scope');
  meter.createCounter('changes', { unit: '{change}' }).add(3, { operation: 'add' });
  meter.createObservableGauge('tasks').addCallback((result) => result.observe(2.5));
  const advice = { explicitBucketBoundaries: [1, 2] };
  meter.createHistogram('duration', { unit: 's', advice }).record(1.5);
  await provider.shutdown();

  expect(sink.metrics).toMatchObject([
    {
      name: 'changes',
      unit: '{change}',
      type: 'sum',
      temporality: 2,
      isMonotonic: true,
      points: [{ value: 3, attributes: { operation: 'add' } }],
    },
    { name: 'tasks', type: 'gauge', points: [{ value: 2.5 }] },
    {
      name: 'duration',
      type: 'histogram',
      points: [{ count: 1, sum: 1.5, min: 1.5, max: 1.5, bounds: [1, 2], bucketCounts: [0, 1, 0] }],
    },
  ]);
  expect(sink.requests).toMatchObject([{ signal: 'metrics', unknownFields: [] }]);
});

test('startOtlpSink() decodes log records with event name and body', async () => {
  const sink = await sinkForTest();
  const exporter = new OTLPLogExporter({ url: `${sink.url}/v1/logs` });
  const provider = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor({ exporter })],
  });
  provider.getLogger('scope').emit({
    eventName: 'task.added',
    severityNumber: SeverityNumber.INFO,
    severityText: 'INFO',
    body: 'task added',
    attributes: { id: 1, nested: { deep: [true, null] } },
  });
  await provider.shutdown();

  expect(sink.logs).toMatchObject([
    {
      eventName: 'task.added',
      severityNumber: 9,
      severityText: 'INFO',
      body: 'task added',
      attributes: { id: 1, nested: { deep: [true, null] } },
      traceId: '',
    },
  ]);
  expect(sink.requests).toMatchObject([{ signal: 'logs', unknownFields: [] }]);
});

test('startOtlpSink() reports a field that is not in the official definitions', async () => {
  const sink = await sinkForTest();
  // Field 100, a varint: no message of OTLP has it.
  expect(await send(sink, Uint8Array.of(0xa0, 0x06, 0x01))).toBe(200);
  expect(sink.requests[0]?.unknownFields).toHaveLength(1);
});

test('startOtlpSink() answers invalid OTLP with 400 and the reason', async () => {
  const sink = await sinkForTest();
  expect(await send(sink, Uint8Array.of(0x0a, 0xff))).toBe(400);
  expect(await send(sink, Uint8Array.of(), '/v1/spans')).toBe(400);
  expect(sink.problems).toHaveLength(2);
  expect(sink.requests).toHaveLength(0);
});

test('answerWith() sends status, headers and body', async () => {
  const sink = await sinkForTest();
  sink.answerWith({ status: 429, headers: { 'retry-after': '1' }, body: 'slow down' });
  const response = await fetch(`${sink.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
  });
  expect(response.status).toBe(429);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(await response.text()).toBe('slow down');
});

test('answerWith() decides request by request: 503, then 200, and one of them is kept', async () => {
  const sink = await sinkForTest();
  sink.answerWith(() => ({ status: sink.requests.length === 1 ? 503 : 200 }));
  const provider = tracerProvider(sink);
  provider.getTracer('scope').startSpan('retried').end();
  await provider.shutdown();
  expect(sink.requests).toHaveLength(2);
  expect(sink.spans).toHaveLength(1);
});

test('answerWith() makes a partial success that keeps all but the rejected', async () => {
  const sink = await sinkForTest();
  sink.answerWith({ rejected: 2, errorMessage: 'too old' });
  const provider = tracerProvider(sink);
  const tracer = provider.getTracer('scope');
  for (const name of ['first', 'second', 'third']) tracer.startSpan(name).end();
  await provider.shutdown();
  expect(sink.spans.map(({ name }) => name)).toEqual(['third']);
  // ExportTracePartialSuccess: field 1 varint 2, field 2 the message.
  const expected = [10, 11, 8, 2, 18, 7, ...new TextEncoder().encode('too old')];
  expect([...encodeExportResponse('traces', { rejected: 2, errorMessage: 'too old' })]).toEqual(
    expected,
  );
});

test('answerWith() hangs: the request is there, nothing is kept, close() cuts it', async () => {
  const sink = await sinkForTest();
  sink.answerWith({ fault: 'hang' });
  const cut = expect(send(sink, Uint8Array.of())).rejects.toThrow();
  await sink.waitFor(({ requests }) => requests.length === 1);
  expect(sink.spans).toHaveLength(0);
  await sink.close();
  await cut;
});

test('answerWith() drips: it sends headers and some bytes, and never the end', async () => {
  const sink = await sinkForTest();
  sink.answerWith({ fault: 'drip' });
  const response = await fetch(`${sink.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
  });
  expect(response.status).toBe(200);
  const reader = response.body?.getReader();
  for (const _ of [1, 2, 3]) expect(await reader?.read()).toMatchObject({ done: false });
  await sink.close();
  await expect(reader?.read()).rejects.toThrow();
});

test('answerWith() resets the connection in the middle of the response', async () => {
  const sink = await sinkForTest();
  sink.answerWith({ fault: 'reset', headers: { 'content-length': '1000' } });
  const response = await fetch(`${sink.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
  });
  await expect(response.text()).rejects.toThrow();
});

test('answerWith() cuts the connection instead of responding, and keeps the records', async () => {
  const sink = await sinkForTest();
  sink.answerWith(() => (sink.requests.length === 1 ? { fault: 'cut' } : {}));
  const provider = tracerProvider(sink);
  provider.getTracer('scope').startSpan('twice').end();
  await provider.shutdown();
  expect(sink.spans.map(({ name }) => name)).toEqual(['twice', 'twice']);
});

test('waitFor() describes the received records when it gives up', async () => {
  const sink = await sinkForTest();
  await send(sink, Uint8Array.of());
  await expect(sink.waitFor(({ spans }) => spans.length > 0, 30)).rejects.toThrow(
    'took 1 requests and kept 0 spans',
  );
});

test('a sink in `await using` is closed at the end of its block', async () => {
  let url: string;
  {
    await using sink = await startOtlpSink();
    url = sink.url;
    expect((await fetch(url)).status).toBe(400);
  }
  await expect(fetch(url)).rejects.toThrow();
});
