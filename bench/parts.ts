// `npm run bench:parts`: the parts that a request's telemetry is made of, each alone, with the app's
// own SDK and an exporter that throws everything away. On Bun: `bun bench/parts.ts`; on Deno:
// `deno run -A bench/parts.ts`.
import { createRequire } from 'node:module';
import process from 'node:process';
import { Hono } from 'hono';
import { bench, do_not_optimize, run, summary } from 'mitata';
import { loadRuntime } from '../runtimes/index.ts';
import { readSettings } from '../src/settings/read-settings.ts';
import type { Exporter } from '../src/telemetry/exporter.ts';
import { startTelemetry } from '../src/telemetry/index.ts';
import { traceHttp, traceSql } from '../src/tracing/index.ts';

// The app's own: what bench/package.json installs for others is of another version.
const requireOfApp = createRequire(new URL('../package.json', import.meta.url));
const { context, metrics, ROOT_CONTEXT, trace }: typeof import('@opentelemetry/api') =
  requireOfApp('@opentelemetry/api');
const { RandomIdGenerator }: typeof import('@opentelemetry/sdk-trace-base') = requireOfApp(
  '@opentelemetry/sdk-trace-base',
);

const exporter = {
  export: (_: unknown, done: (result: { code: number }) => void) => done({ code: 0 }),
  forceFlush: async () => {},
  shutdown: async () => {},
};
const everything = { OTEL_TRACES_EXPORTER: 'otlp', OTEL_METRICS_EXPORTER: 'otlp' };
const { settings } = readSettings({ variable: { ...everything, OTEL_LOGS_EXPORTER: 'none' } });
const telemetry = await startTelemetry({
  settings,
  exporters: { traces: ['otlp'], metrics: ['otlp'], logs: [] },
  isLeftToRuntime: false,
  version: '0.0.0',
  runtime: await loadRuntime(),
  loadExporter: async (): Promise<Exporter> => ({
    delivery: 'batched',
    metricInterval: 60_000,
    describe: () => 'nowhere',
    traces: () => exporter,
    metrics: () => exporter,
    logs: () => null,
  }),
  tell() {},
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

const histogram = metrics.getMeter('bench').createHistogram('bench.duration', { unit: 's' });
const ids = new RandomIdGenerator();

bench('a duration in a histogram', () =>
  histogram.record(0.003, {
    'http.request.method': 'GET',
    'url.scheme': 'http',
    'http.route': '/',
    'http.response.status_code': 200,
    'network.protocol.version': '1.1',
  }),
);
bench('a trace id and a span id', () => {
  do_not_optimize(ids.generateTraceId());
  do_not_optimize(ids.generateSpanId());
});

await run();
await telemetry.shutdown(1_000);
process.exit();
