// Runs in projects that have the packed kit and one line of the SDK. It prints what the SDK received.
import process from 'node:process';
import { context, metrics, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { Hono } from 'hono';
import { traceHttp, traceSql } from 'hono-opentelemetry';

const spans: ReadableSpan[] = [];
const spanProcessor = {
  onStart() {},
  onEnd: (span: ReadableSpan) => void spans.push(span),
  forceFlush: async () => {},
  shutdown: async () => {},
};
const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const metricReader = new PeriodicExportingMetricReader({ exporter: metricExporter });
const meterProvider = new MeterProvider({ readers: [metricReader] });
const logExporter = new InMemoryLogRecordExporter();
const logProcessor = new SimpleLogRecordProcessor({ exporter: logExporter });
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [spanProcessor] }));
metrics.setGlobalMeterProvider(meterProvider);
logs.setGlobalLoggerProvider(new LoggerProvider({ processors: [logProcessor] }));

const query = async (_sql: string, _params: readonly unknown[]) => [[49]];
const database = traceSql({ system: 'sqlite', query });
const app = new Hono();
app.use(traceHttp({ exceptions: 'logs' }));
app.get('/squares/:n', async (c) => c.json(await database.query('SELECT 7 * 7', [])));
app.get('/fails', () => {
  throw new RangeError('no');
});
app.onError((_, c) => c.text('failed', 500));
const responses = [await app.request('/squares/7'), await app.request('/fails')];
for (const response of responses) await response.text();
await new Promise((resolve) => setTimeout(resolve, 20));
await meterProvider.forceFlush();

const recorded = {
  spans: spans.map(({ name }) => name),
  traces: new Set(spans.map((span) => span.spanContext().traceId)).size,
  durations: metricExporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
    .map(({ descriptor, dataPoints }) => `${descriptor.name}: ${dataPoints.length}`)
    .sort(),
  logs: logExporter.getFinishedLogRecords().map(({ eventName }) => eventName),
};
process.stdout.write(`${JSON.stringify(recorded)}\n`);
await meterProvider.shutdown();
