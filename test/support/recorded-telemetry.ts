import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  type DataPoint,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { waitUntil } from './wait-until.ts';

/** Providers of the test's own, and what they recorded. */
export interface RecordedTelemetry {
  readonly tracerProvider: BasicTracerProvider;
  readonly meterProvider: MeterProvider;
  /** Ended spans, in the order in which they ended. */
  readonly spans: readonly ReadableSpan[];
  /** Waits for `count` ended spans, and returns the last. */
  lastSpan(count?: number): Promise<ReadableSpan>;
  /** Points of one metric, collected now. */
  points<Value = Histogram>(metric: string): Promise<readonly DataPoint<Value>[]>;
}

/** Needs no global provider; the context manager has to be one, and is set when there is none. */
export function recordTelemetry(sampler?: Sampler): RecordedTelemetry {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const spanExporter = new InMemorySpanExporter();
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({
    exporter: metricExporter,
    exportIntervalMillis: 3_600_000,
  });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const spans = () => spanExporter.getFinishedSpans();
  return {
    tracerProvider: new BasicTracerProvider({
      ...(sampler && { sampler }),
      spanProcessors: [new SimpleSpanProcessor(spanExporter)],
    }),
    meterProvider,
    get spans() {
      return spans();
    },
    async lastSpan(count = 1) {
      await waitUntil(
        () => spans().length >= count,
        5_000,
        () => `${spans().length} spans ended.`,
      );
      const last = spans().at(-1);
      if (last === undefined || spans().length !== count) {
        throw new Error(`Expected ${count} spans, and ${spans().length} ended.`);
      }
      return last;
    },
    async points(name) {
      metricExporter.reset();
      await meterProvider.forceFlush();
      const found = metricExporter
        .getMetrics()
        .flatMap(({ scopeMetrics }) => scopeMetrics)
        .flatMap(({ metrics }) => metrics)
        .find(({ descriptor }) => descriptor.name === name);
      return (found?.dataPoints ?? []) as never;
    },
  };
}
