import { metrics, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { loss, reject } from './delivery.ts';
import { routeDiagnostics } from './diagnostics.ts';
import type { Telemetry, TelemetryOptions } from './index.ts';
import { createOpenSpans } from './open-spans.ts';
import { openPipelines } from './pipelines.ts';
import { logRecordProcessor, spanProcessor } from './processors.ts';
import { createResource } from './resource.ts';

/** Builds the SDK's providers as the settings ask and registers them with the API. */
export async function startSdk(options: TelemetryOptions): Promise<Telemetry> {
  const { settings, tell } = options;
  const pipelines = await openPipelines(options);
  const resource = createResource(options.version, options.runtime);
  const openSpans = createOpenSpans();
  const tracerProvider = new BasicTracerProvider({
    resource,
    spanProcessors: [openSpans, ...pipelines.traces.map(spanProcessor)],
  });
  const meterProvider = new MeterProvider({
    resource,
    readers: pipelines.metrics.map(
      ({ exporter, source }) =>
        new PeriodicExportingMetricReader({
          exporter,
          exportIntervalMillis: settings.metricInterval ?? source.metricInterval,
        }),
    ),
  });
  const loggerProvider = new LoggerProvider({
    resource,
    processors: pipelines.logs.map(logRecordProcessor),
  });

  const registered = [
    trace.setGlobalTracerProvider(tracerProvider),
    metrics.setGlobalMeterProvider(meterProvider),
    logs.setGlobalLoggerProvider(loggerProvider) === loggerProvider,
  ];
  if (registered.includes(false)) {
    tell(
      'Another OpenTelemetry SDK is registered already in this process: it stays, this one exports nothing.',
    );
  }
  // After the registration, whose refusals the API would report with a stack.
  routeDiagnostics({
    tell,
    onRejected(signal, count) {
      const delivery = pipelines.deliveries.find(
        (d) => d.signal === signal && d.exporter === 'otlp',
      );
      if (delivery) reject(delivery, count);
    },
  });

  return {
    destinations: pipelines.destinations,
    async shutdown(timeoutMillis) {
      openSpans.endAll();
      const delivered = Promise.allSettled([
        tracerProvider.shutdown(),
        meterProvider.shutdown(),
        loggerProvider.shutdown(),
      ]);
      await before(delivered, timeoutMillis);
      return pipelines.deliveries.flatMap((delivery) => loss(delivery) ?? []);
    },
  };
}

/** Waits for `work`, but no longer than `timeoutMillis`. */
async function before(work: Promise<unknown>, timeoutMillis: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise((resolve) => {
    timer = setTimeout(resolve, timeoutMillis);
  });
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}
