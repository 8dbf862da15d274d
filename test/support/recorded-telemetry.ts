import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  type ReadableLogRecord,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs';
import {
  type DataPoint,
  type Histogram,
  MeterProvider,
  type MetricData,
  MetricReader,
  type ResourceMetrics,
  type ViewOptions,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';

/** Providers to pass to what is tested, and what it has recorded with them. */
export interface RecordedTelemetry {
  readonly tracerProvider: BasicTracerProvider;
  readonly meterProvider: MeterProvider;
  readonly loggerProvider: LoggerProvider;
  /** Ended, in that order. */
  spans(): ReadableSpan[];
  /** The only span. Throws when there is none, or more. */
  span(): ReadableSpan;
  /** Emitted, in that order. */
  logs(): ReadableLogRecord[];
  /** The records so far, as the SDK passes them to an exporter. */
  collect(): Promise<ResourceMetrics>;
  metrics(): Promise<MetricData[]>;
  /** The time series of a metric, by its name. */
  points(metric: string): Promise<DataPoint<number | Histogram>[]>;
  /** The time series of a histogram, by its name. */
  histograms(metric: string): Promise<DataPoint<Histogram>[]>;
}

const resource = resourceFromAttributes({ 'service.name': 'todo' });

/** @param sampler default: every span */
export function recordTelemetry(sampler?: Sampler, views: ViewOptions[] = []): RecordedTelemetry {
  const exporter = new InMemorySpanExporter();
  const logs = new InMemoryLogRecordExporter();
  const reader = new Reader();

  async function collect(): Promise<ResourceMetrics> {
    return (await reader.collect()).resourceMetrics;
  }

  async function metrics(): Promise<MetricData[]> {
    return (await collect()).scopeMetrics.flatMap(({ metrics }) => metrics);
  }

  async function points(metric: string): Promise<DataPoint<number | Histogram>[]> {
    const found = (await metrics()).find(({ descriptor }) => descriptor.name === metric);
    return (found?.dataPoints ?? []) as DataPoint<number | Histogram>[];
  }

  return {
    tracerProvider: new BasicTracerProvider({
      resource,
      spanProcessors: [new SimpleSpanProcessor(exporter)],
      ...(sampler && { sampler }),
    }),
    meterProvider: new MeterProvider({ resource, views, readers: [reader] }),
    loggerProvider: new LoggerProvider({
      resource,
      processors: [new SimpleLogRecordProcessor({ exporter: logs })],
    }),
    spans: () => exporter.getFinishedSpans(),
    span() {
      const [span, ...more] = exporter.getFinishedSpans();
      if (span === undefined || more.length > 0) {
        throw new Error(`There is not one span but ${exporter.getFinishedSpans().length}.`);
      }
      return span;
    },
    logs: () => logs.getFinishedLogRecords(),
    collect,
    metrics,
    points,
    histograms: async (metric) => (await points(metric)) as DataPoint<Histogram>[],
  };
}

class Reader extends MetricReader {
  protected override async onForceFlush() {}
  protected override async onShutdown() {}
}
