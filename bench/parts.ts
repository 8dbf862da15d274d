// `npm run bench:parts` measures each part of a request's telemetry alone, with the app's SDK and an exporter
// that discards all records. It compares them with the parts of the official SDK.
// On Bun: `bun bench/parts.ts`; on Deno: `deno run -A bench/parts.ts`.
import { createRequire } from 'node:module';
import process from 'node:process';
import type { Context, Tracer } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { Hono } from 'hono';
import { bench, do_not_optimize, run, summary } from 'mitata';
import type { Exporter } from '../exporters/exporter.ts';
import { createSpanBatch } from '../exporters/otlp/encode/record-batch.ts';
import { traceFetch } from '../packages/hono-opentelemetry/src/fetch/index.ts';
import { traceHttp } from '../packages/hono-opentelemetry/src/index.ts';
import { tracedRouter } from '../packages/hono-opentelemetry/src/router/index.ts';
import {
  traceD1,
  traceLibsql,
  traceMysql,
  tracePg,
  tracePostgres,
  traceSql,
  traceSqlite,
} from '../packages/hono-opentelemetry/src/sql/index.ts';
import { createFastTracerProvider } from '../packages/opentelemetry-instrument/src/sdk/fast-path/tracer.ts';
import { spanLimits } from '../packages/opentelemetry-instrument/src/sdk/limits.ts';
import { createResource } from '../packages/opentelemetry-instrument/src/sdk/resource.ts';
import { detectRuntime } from '../packages/opentelemetry-instrument/src/sdk/runtime.ts';
import { readSettings } from '../packages/opentelemetry-instrument/src/settings/read-settings.ts';
import { startTelemetry } from '../packages/opentelemetry-instrument/src/start-telemetry.ts';
import { readArguments } from '../script-arguments.ts';

// The app's own: what bench/package.json installs for others is of another version.
readArguments({});
const requireOfApp = createRequire(new URL('../package.json', import.meta.url));
const {
  context,
  metrics,
  ROOT_CONTEXT,
  SpanKind,
  TraceFlags,
  trace,
}: typeof import('@opentelemetry/api') = requireOfApp('@opentelemetry/api');
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

const url = 'http://localhost:5000/';
const headers = { 'User-Agent': 'bench' };
const request = new Request(url, { headers });
/** The same as a part of a trace that its caller does not sample. */
const notSampledRequest = new Request(url, {
  headers: { ...headers, traceparent: `00-${'1'.repeat(32)}-${'1'.repeat(16)}-00` },
});
const plain = new Hono().get('/', (c) => c.text('done'));
const traced = new Hono().use(traceHttp()).get('/', (c) => c.text('done'));
const routed = new Hono({ router: tracedRouter() })
  .use(traceHttp())
  .get('/', (c) => c.text('done'));
for (const [label, sent] of [
  ['', request],
  [', not sampled', notSampledRequest],
] as const) {
  const send = (name: string, app: typeof plain) =>
    bench(`a request${label}, ${name}`, async () => do_not_optimize(await app.fetch(sent)));
  summary(() => {
    send('plain', plain);
    send('traceHttp()', traced);
    send('traceHttp() and the span of a handler', routed);
  });
}

/** Returns ten chunks, one at a time, as `streamText()` does. */
function tenChunks(): Response {
  let chunks = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new Uint8Array(100));
      chunks += 1;
      if (chunks === 10) controller.close();
    },
  });
  return new Response(body, { headers: { 'Transfer-Encoding': 'chunked' } });
}
const plainStream = new Hono().get('/', tenChunks);
const tracedStream = new Hono().use(traceHttp()).get('/', tenChunks);
summary(() => {
  const read = (name: string, app: typeof plainStream, sent: Request) =>
    bench(`a stream of ten chunks, ${name}`, async () => (await app.fetch(sent)).text());
  read('plain', plainStream, request);
  read('traceHttp()', tracedStream, request);
  read('traceHttp(), not sampled', tracedStream, notSampledRequest);
});

const client = {
  system: 'sqlite',
  query: async (_sql: string, _params: readonly unknown[]) => [[1, 'task']],
};
const tracedClient = traceSql(client);
const text = 'select id, title from tasks order by id';
const sampled = trace.setSpan(ROOT_CONTEXT, trace.getTracer('bench').startSpan('parent'));
const notSampled = trace.setSpanContext(ROOT_CONTEXT, {
  traceId: '1'.repeat(32),
  spanId: '1'.repeat(16),
  traceFlags: TraceFlags.NONE,
});

// Drivers without a database behind them, so that only the wrappers are measured.
const rows = [{ id: 1, title: 'task' }];
const result = { rows, results: rows };
const statement = { get: () => rows[0], all: async () => result };
const promised = { query: async () => result, execute: async () => result, connect() {} };
const libsql = { ...promised, transaction() {} };
const mysql = { execute: async () => [rows, []], query: async () => [rows, []] };
const prepared = { prepare: (_sql: string) => statement, batch() {} };
const postgres = Object.assign(
  (..._: unknown[]) => ({
    strings: [text],
    args: [],
    handler: async (query: { resolve(rows: unknown): void }) => query.resolve(rows),
    resolve(_rows: unknown) {},
    reject() {},
  }),
  { unsafe() {} },
);
const drivers: [name: string, plain: () => unknown, traced: () => unknown][] = [];
function compare<Driver>(
  name: string,
  driver: Driver,
  traced: Driver,
  run: (driver: Driver) => unknown,
) {
  drivers.push([name, () => run(driver), () => run(traced)]);
}
compare('traceSql()', client, tracedClient, (db) => db.query(text, []));
compare('tracePg()', promised, tracePg(promised), (db) =>
  (db.query as (sql: string) => unknown)(text),
);
compare('tracePostgres()', postgres, tracePostgres(postgres), (db) => {
  const query = db(text);
  return (query.handler as (query: unknown) => unknown)(query);
});
compare('traceSqlite()', statement, traceSqlite(prepared).prepare(text), (db) => db.get());
compare('traceLibsql()', libsql, traceLibsql(libsql), (db) =>
  (db.execute as (sql: string) => unknown)(text),
);
compare('traceMysql()', mysql, traceMysql(mysql), (db) =>
  (db.query as (sql: string) => unknown)(text),
);
compare('traceD1()', statement, traceD1(prepared).prepare(text), (db) => db.all());
for (const [name, plainRun, tracedRun] of drivers) {
  // All of them activate a context, which is not a cost of the wrapper.
  const run = (label: string, parent: Context, run: () => unknown) =>
    bench(`a statement, ${label}`, async () => do_not_optimize(await context.with(parent, run)));
  summary(() => {
    run(`plain driver of ${name}`, sampled, plainRun);
    run(name, sampled, tracedRun);
    run(`${name}, not sampled`, notSampled, tracedRun);
  });
}

// A server without a network behind it.
const answer = async (_url: string | URL | Request) => new Response('done');
const tracedAnswer = traceFetch(answer);
summary(() => {
  const call = (label: string, parent: Context, fetch: typeof answer) =>
    bench(`a call, ${label}`, () =>
      context.with(parent, async () => do_not_optimize(await (await fetch(url)).text())),
    );
  call('plain fetch()', sampled, answer);
  call('traceFetch()', sampled, tracedAnswer);
  call('traceFetch(), not sampled', notSampled, tracedAnswer);
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
