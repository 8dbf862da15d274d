// `npm run bench:parts`: the parts that a request's telemetry is made of, each alone, with the app's
// own SDK and an exporter that throws everything away; and what the SDK's own take. On Bun: `bun bench/parts.ts`; on Deno:
// `deno run -A bench/parts.ts`.
import { createRequire } from 'node:module';
import process from 'node:process';
import type { Tracer } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { Hono } from 'hono';
import { bench, do_not_optimize, run, summary } from 'mitata';
import type { Exporter } from '../exporters/exporter.ts';
import { createSpanBatch } from '../exporters/otlp/encode/record-batch.ts';
import { traceHttp, traceSql } from '../packages/hono-opentelemetry/src/index.ts';
import { createFastTracerProvider } from '../packages/opentelemetry-instrument/src/sdk/fast-path/tracer.ts';
import { spanLimits } from '../packages/opentelemetry-instrument/src/sdk/limits.ts';
import { createResource } from '../packages/opentelemetry-instrument/src/sdk/resource.ts';
import { detectRuntime } from '../packages/opentelemetry-instrument/src/sdk/runtime.ts';
import { readSettings } from '../packages/opentelemetry-instrument/src/settings/read-settings.ts';
import { startTelemetry } from '../packages/opentelemetry-instrument/src/start-telemetry.ts';

// The app's own: what bench/package.json installs for others is of another version.
const requireOfApp = createRequire(new URL('../package.json', import.meta.url));
const { context, metrics, ROOT_CONTEXT, SpanKind, trace }: typeof import('@opentelemetry/api') =
  requireOfApp('@opentelemetry/api');
const {
  AlwaysOnSampler,
  BasicTracerProvider,
  RandomIdGenerator,
}: typeof import('@opentelemetry/sdk-trace-base') = requireOfApp('@opentelemetry/sdk-trace-base');
const {
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
}: typeof import('@opentelemetry/sdk-metrics') = requireOfApp('@opentelemetry/sdk-metrics');
const { ProtobufTraceSerializer }: typeof import('@opentelemetry/otlp-transformer') = requireOfApp(
  '@opentelemetry/otlp-transformer',
);

const exporter = {
  export: (_: unknown, done: (result: { code: number }) => void) => done({ code: 0 }),
  forceFlush: async () => {},
  shutdown: async () => {},
};
const everything = { OTEL_TRACES_EXPORTER: 'otlp', OTEL_METRICS_EXPORTER: 'otlp' };
const read = readSettings({ variable: { ...everything, OTEL_LOGS_EXPORTER: 'none' } });
const { settings } = read;
const telemetry = await startTelemetry({
  settings: read,
  loadExporter: async (): Promise<Exporter> => ({
    processor: 'batch',
    metricInterval: 60_000,
    describe: () => 'nowhere',
    traces: () => exporter,
    metrics: () => exporter,
    logs: () => null,
  }),
  notify() {},
});

const request = new Request('http://localhost:5000/', { headers: { 'User-Agent': 'bench' } });
const plain = new Hono().get('/', (c) => c.text('done'));
const traced = new Hono().use(traceHttp()).get('/', (c) => c.text('done'));

summary(() => {
  bench('a request, plain', async () => do_not_optimize(await plain.fetch(request)));
  bench('a request, traceHttp()', async () => do_not_optimize(await traced.fetch(request)));
});

const client = {
  system: 'sqlite',
  query: async (_sql: string, _params: readonly unknown[]) => [[1, 'task']],
};
const tracedClient = traceSql(client);
const text = 'select id, title from tasks order by id';
const parent = trace.setSpan(ROOT_CONTEXT, trace.getTracer('bench').startSpan('parent'));

summary(() => {
  bench('a statement, plain', async () => do_not_optimize(await client.query(text, [])));
  bench('a statement, traceSql()', async () =>
    do_not_optimize(await context.with(parent, () => tracedClient.query(text, []))),
  );
});

const attributes = {
  'http.request.method': 'GET',
  'url.path': '/',
  'url.scheme': 'http',
  'network.peer.address': '127.0.0.1',
  'network.peer.port': 49_152,
  'client.address': '127.0.0.1',
  'server.address': 'localhost',
  'server.port': 5000,
  'user_agent.original': 'bench',
  'network.protocol.version': '1.1',
};
let lastSpan: ReadableSpan | undefined;
const tracerOptions = {
  resource: createResource({ resource: {}, runtime: detectRuntime() }, settings),
  sampler: new AlwaysOnSampler(),
  spanLimits: spanLimits(settings),
  spanProcessors: [
    {
      onStart() {},
      onEnd(span: ReadableSpan) {
        lastSpan = span;
      },
      forceFlush: async () => {},
      shutdown: async () => {},
    },
  ],
};
function makeSpan(tracer: Tracer): void {
  const span = tracer.startSpan('GET', { kind: SpanKind.SERVER, attributes }, ROOT_CONTEXT);
  span.setAttribute('http.route', '/').updateName('GET /');
  span.setAttribute('http.response.status_code', 200).end();
}
const sdkTracer = new BasicTracerProvider(tracerOptions).getTracer('bench');
const fastTracer = createFastTracerProvider(tracerOptions).getTracer('bench');
summary(() => {
  bench("a span, the SDK's", () => makeSpan(sdkTracer));
  bench('a span, ours', () => makeSpan(fastTracer));
});

makeSpan(fastTracer);
const spans: ReadableSpan[] = Array(512).fill(lastSpan);
summary(() => {
  bench("512 spans encoded, the SDK's serializer", () =>
    do_not_optimize(ProtobufTraceSerializer.serializeRequest(spans)),
  );
  bench('512 spans encoded, ours', () => {
    const batch = createSpanBatch();
    for (const span of spans) batch.push(span);
    do_not_optimize(batch.finish());
  });
});

const labels = Object.freeze({
  'http.request.method': 'GET',
  'url.scheme': 'http',
  'http.route': '/',
  'http.response.status_code': 200,
  'network.protocol.version': '1.1',
});
const sdkHistogram = new MeterProvider({
  readers: [new PeriodicExportingMetricReader({ exporter: new InMemoryMetricExporter(1) })],
})
  .getMeter('bench')
  .createHistogram('bench.duration', { unit: 's' });
const histogram = metrics.getMeter('bench').createHistogram('bench.duration', { unit: 's' });
summary(() => {
  bench("a duration in a histogram, the SDK's", () => sdkHistogram.record(0.003, labels));
  bench('a duration in a histogram, ours', () => histogram.record(0.003, labels));
});

const ids = new RandomIdGenerator();
bench('a trace id and a span id', () => {
  do_not_optimize(ids.generateTraceId());
  do_not_optimize(ids.generateSpanId());
});

await run();
await telemetry.shutdown(1_000);
process.exit();
