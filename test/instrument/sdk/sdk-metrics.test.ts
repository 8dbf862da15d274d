import {
  context,
  diag,
  metrics,
  propagation,
  ROOT_CONTEXT,
  type Span,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemoryLogRecordExporter } from '@opentelemetry/sdk-logs';
import { AggregationType, type ViewOptions } from '@opentelemetry/sdk-metrics';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadExporter } from '../../../exporters/index.ts';
import { startTelemetry } from '../../../packages/opentelemetry-instrument/src/index.ts';
import { exporterOptions } from '../../../packages/opentelemetry-instrument/src/settings/program-settings.ts';
import { readSettings } from '../../../packages/opentelemetry-instrument/src/settings/read-settings.ts';
import { freePort } from '../../support/free-port.ts';
import { startSink } from '../../support/otlp-protocols.ts';
import { PROTOCOLS } from '../../support/protocols.ts';
import { TEST_RUNTIME } from '../../support/settings.ts';

beforeEach(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager()));
afterEach(() => {
  for (const api of [diag, context, propagation, trace, metrics, logs]) api.disable();
});

/** Starts telemetry for Prometheus, with these variables. */
async function start(variables: Readonly<Record<string, string>>, views: ViewOptions[] = []) {
  const port = await freePort();
  const read = readSettings({
    variable: {
      OTEL_METRICS_EXPORTER: 'prometheus',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_EXPORTER_PROMETHEUS_HOST: '127.0.0.1',
      OTEL_EXPORTER_PROMETHEUS_PORT: `${port}`,
      ...variables,
    },
  });
  const telemetry = await startTelemetry({
    settings: { ...read, views },
    runtime: TEST_RUNTIME,
    loadExporter: async (name) => {
      const exporter = await loadExporter(name, exporterOptions(read));
      return name === 'tree'
        ? { ...exporter, logs: () => new InMemoryLogRecordExporter() }
        : exporter;
    },
    notify() {},
  });
  return {
    shutdown: () => telemetry.shutdown(2_000),
    receiveSpans: telemetry.receiveSpans,
    /** The samples of a metric, without the labels of its scope. */
    async samples(name: string): Promise<string[]> {
      const headers = { connection: 'close' };
      const page = await (await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).text();
      return page
        .split('\n')
        .filter((line) => line.startsWith(`${name}{`))
        .map((line) =>
          line
            .slice(name.length)
            .replace(/otel_scope_\w+="[^"]*",?/g, '')
            .replace(/,}/, '}'),
        )
        .sort();
    },
  };
}

const parent = (isRemote: boolean, traceFlags: TraceFlags) =>
  trace.setSpanContext(ROOT_CONTEXT, {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    traceFlags,
    isRemote,
  });

describe.each(['true', 'false'])('with OTEL_JS_FAST_PATH_ENABLED=%s', (fastPath) => {
  const variables = { OTEL_JS_FAST_PATH_ENABLED: fastPath };

  test('spans are counted by parent and sampling, those that are live as well', async () => {
    const telemetry = await start({ ...variables, OTEL_TRACES_EXPORTER: 'none' });
    const tracer = trace.getTracer('test');
    const spans: Span[] = [];
    spans.push(tracer.startSpan('root'));
    tracer.startActiveSpan('parent', (span) => {
      spans.push(span, tracer.startSpan('child'), tracer.startSpan('new', { root: true }));
    });
    spans.push(tracer.startSpan('a', {}, parent(true, TraceFlags.SAMPLED)));
    tracer.startSpan('b', {}, parent(true, TraceFlags.NONE)).end();
    tracer.startSpan('c', {}, parent(false, TraceFlags.NONE)).end();
    expect(await telemetry.samples('otel_sdk_span_started_total')).toEqual([
      '{otel_span_parent_origin="local",otel_span_sampling_result="DROP"} 1',
      '{otel_span_parent_origin="local",otel_span_sampling_result="RECORD_AND_SAMPLE"} 1',
      '{otel_span_parent_origin="none",otel_span_sampling_result="RECORD_AND_SAMPLE"} 3',
      '{otel_span_parent_origin="remote",otel_span_sampling_result="DROP"} 1',
      '{otel_span_parent_origin="remote",otel_span_sampling_result="RECORD_AND_SAMPLE"} 1',
    ]);
    const live = (count: number) => [`{otel_span_sampling_result="RECORD_AND_SAMPLE"} ${count}`];
    expect(await telemetry.samples('otel_sdk_span_live')).toEqual(live(5));
    for (const span of spans) span.end();
    for (const span of spans) span.end();
    expect(await telemetry.samples('otel_sdk_span_live')).toEqual(live(0));
    await telemetry.shutdown();
  });

  test('log records and collections are counted', async () => {
    const telemetry = await start({ ...variables, OTEL_TRACES_EXPORTER: 'none' });
    for (const body of ['a', 'b']) logs.getLogger('test').emit({ body });
    expect(await telemetry.samples('otel_sdk_log_created_total')).toEqual(['{} 2']);
    const [collections = ''] = await telemetry.samples(
      'otel_sdk_metric_reader_collection_duration_seconds_count',
    );
    expect(collections).toMatch(
      /^\{otel_component_name="prometheus_http_text_metric_exporter\/\d+",otel_component_type="prometheus_http_text_metric_exporter"\} 1$/,
    );
    await telemetry.shutdown();
  });

  test.each(PROTOCOLS)('an export over %s is measured, with its server', async (protocol) => {
    await using sink = await startSink(protocol);
    const telemetry = await start({
      ...variables,
      OTEL_TRACES_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_BSP_SCHEDULE_DELAY: '1',
      OTEL_BSP_MAX_QUEUE_SIZE: '77',
    });
    const duration = 'otel_sdk_exporter_operation_duration_seconds_count';
    const tracer = trace.getTracer('test');
    tracer.startSpan('a').end();
    await vi.waitFor(async () => expect(await telemetry.samples(duration)).toHaveLength(1), 5_000);
    sink.answerWith({ status: 400 });
    tracer.startSpan('b').end();
    await vi.waitFor(async () => expect(await telemetry.samples(duration)).toHaveLength(2), 5_000);

    const type = { 'http/protobuf': 'otlp_http', 'http/json': 'otlp_http_json', grpc: 'otlp_grpc' };
    const component = `${type[protocol]}_span_exporter`;
    const { hostname, port } = new URL(sink.url);
    const labels = `otel_component_name="${component}/0",otel_component_type="${component}",server_address="${hostname}",server_port="${port}"`;
    const error = `error_type="${protocol === 'grpc' ? 'INVALID_ARGUMENT' : '400'}"`;
    const samples = [`{${error},${labels}} 1`, `{${labels}} 1`];
    expect(await telemetry.samples(duration)).toEqual(samples);
    expect(await telemetry.samples('otel_sdk_exporter_span_exported_total')).toEqual(samples);
    expect(await telemetry.samples('otel_sdk_exporter_span_inflight')).toEqual([`{${labels}} 0`]);
    expect(await telemetry.samples('otel_sdk_processor_span_queue_capacity')).toEqual([
      '{otel_component_name="batching_span_processor/0",otel_component_type="batching_span_processor"} 77',
    ]);
    await telemetry.shutdown();
  });
});

test('views of a configuration file change the streams of metrics', async () => {
  const boundaries = { options: { boundaries: [1] } };
  const { samples, shutdown } = await start({}, [
    {
      instrumentName: 'shop.price',
      aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, ...boundaries },
    },
    { instrumentName: 'shop.visits', aggregation: { type: AggregationType.DROP } },
  ]);
  const meter = metrics.getMeter('shop');
  meter.createHistogram('shop.price').record(3);
  meter.createCounter('shop.visits').add(1);
  expect(await samples('shop_price_bucket')).toEqual(['{le="+Inf"} 1', '{le="1.0"} 0']);
  expect(await samples('shop_visits_total')).toEqual([]);
  await shutdown();
});
