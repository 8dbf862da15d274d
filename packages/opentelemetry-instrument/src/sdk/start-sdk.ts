import process from 'node:process';
import {
  type MeterProvider as ApiMeterProvider,
  metrics,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { type LoggerProvider as ApiLoggerProvider, logs } from '@opentelemetry/api-logs';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import {
  MeterProvider,
  PeriodicExportingMetricReader,
  type ViewOptions,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import { createSpanReceiver } from '../intake/replay-spans.ts';
import type { Settings } from '../settings/index.ts';
import { shutDownOnSignals } from '../shut-down-on-signals.ts';
import type { ResolvedTelemetryOptions, Telemetry } from '../telemetry.ts';
import { VERSION } from '../version.ts';
import { alignSpanTimes } from './aligned-tracer.ts';
import { alignLogTimes, orderMetricTimes } from './clock/index.ts';
import { withoutCrashes } from './crash.ts';
import { routeDiagnostics } from './diagnostics.ts';
import { measureDeliveries } from './export-stats/index.ts';
import {
  createFastHistograms,
  createFastTracerProvider,
  type FastTracerOptions,
} from './fast-path/index.ts';
import { batchOptions, logRecordLimits, spanLimits } from './limits.ts';
import { createLiveSpans } from './live-spans.ts';
import { DEFAULT_LOG_EXPORTER, metricInterval, openPipelines } from './pipelines.ts';
import { createLogRecordProcessor, createSpanProcessor } from './processors.ts';
import { createResource } from './resource.ts';
import { createBrowserResource } from './resource-attributes.ts';
import { METRIC_CAPABILITIES } from './runtime-metrics/capabilities.ts';
import { createSampler } from './sampler.ts';
import { shareLoggerProvider } from './shared-api.ts';
import { createSpanCounter } from './span-metrics.ts';

/** Default time limit of the final export. */
const SHUTDOWN_TIMEOUT_MS = 4_500;

const NOT_INSTRUMENTED =
  'opentelemetry-instrument: the program created no span; add instrumentation, such as app.use(traceHttp()) of hono-opentelemetry';

/**
 * Creates the SDK's providers from the settings and registers them with the API.
 * @returns undefined if another SDK is already registered
 */
export async function startSdk(options: ResolvedTelemetryOptions): Promise<Telemetry | undefined> {
  const { settings, exporters, views = [] } = options.settings;
  const { notify, loadExporter } = options;
  const histograms = usesFastHistograms(settings, views)
    ? createFastHistograms(settings.OTEL_METRICS_EXEMPLAR_FILTER)
    : undefined;
  const createProducers = () => (histograms ? [histograms.createProducer()] : []);
  const pipelines = await openPipelines({
    settings,
    exporters,
    loadExporter,
    notify,
    createProducers,
  });
  const resource = createResource(options, settings);
  const liveSpans = createLiveSpans();
  const consoleLogs = settings.OTEL_JS_LOGGING_AUTO_INSTRUMENTATION_ENABLED
    ? await import('./console/index.ts')
    : undefined;
  const spanProcessors = pipelines.traces.map((each) =>
    createSpanProcessor(each, batchOptions('BSP', settings)),
  );
  const tailSampler =
    settings.OTEL_JS_TAIL_SAMPLER_RATIO < 1
      ? (await import('./tail-sampler.ts')).createTailSampler(spanProcessors, {
          ratio: settings.OTEL_JS_TAIL_SAMPLER_RATIO,
          slowMillis: settings.OTEL_JS_TAIL_SAMPLER_SLOW_THRESHOLD,
        })
      : undefined;
  const sampler = createSampler(settings);
  const spanCounter = createSpanCounter(sampler);
  const tracerOptions: FastTracerOptions = {
    resource,
    sampler: spanCounter.sampler,
    spanLimits: spanLimits(settings),
    spanProcessors: [liveSpans, ...(tailSampler ? [tailSampler] : spanProcessors)],
  };
  const tracerProvider = settings.OTEL_JS_FAST_PATH_ENABLED
    ? createFastTracerProvider(tracerOptions)
    : new BasicTracerProvider(tracerOptions);
  const meterProvider = new MeterProvider({
    resource,
    views: [...views],
    // Adds the duration of collections.
    sdkMetricsEnabled: true,
    readers: [
      ...pipelines.metricReaders,
      ...pipelines.metrics.map(
        ({ exporter, source, timeoutMillis }) =>
          new PeriodicExportingMetricReader({
            exporter: orderMetricTimes(exporter),
            exportIntervalMillis: metricInterval(settings, source),
            exportTimeoutMillis: timeoutMillis,
            metricProducers: createProducers(),
          }),
      ),
    ],
  });
  const loggerProvider = new LoggerProvider({
    resource,
    // Counts the created records.
    meterProvider,
    logRecordLimits: logRecordLimits(settings),
    processors: [
      alignLogTimes,
      ...pipelines.logs.map((each) => {
        const processor = createLogRecordProcessor(each, batchOptions('BLRP', settings));
        // Crashes and console output are already visible, so the default exporter must not repeat them.
        const isShown = each.delivery.exporter === DEFAULT_LOG_EXPORTER;
        if (!isShown) return processor;
        const shown = withoutCrashes(processor);
        return consoleLogs ? consoleLogs.withoutConsole(shown) : shown;
      }),
    ],
  });

  const registered = histograms?.extend(meterProvider) ?? meterProvider;
  const spans = settings.OTEL_JS_FAST_PATH_ENABLED
    ? tracerProvider
    : alignSpanTimes(tracerProvider);
  let isInstrumented = false;
  const watchedSpans: TracerProvider = {
    ...spans,
    getTracer(...scope) {
      isInstrumented = true;
      return spans.getTracer(...scope);
    },
  };
  if (!register(watchedSpans, registered, loggerProvider)) {
    notify('Another OpenTelemetry SDK is registered in this process: it stays, ours is off.');
    await Promise.allSettled([
      tracerProvider.shutdown(),
      meterProvider.shutdown(),
      loggerProvider.shutdown(),
    ]);
    return undefined;
  }
  // The API logs a refused registration with a stack trace, so set its logger afterwards.
  routeDiagnostics({ level: settings.OTEL_LOG_LEVEL, notify });
  measureDeliveries(meterProvider, pipelines.deliveries);
  spanCounter.measure(meterProvider, liveSpans);
  tailSampler?.measure(meterProvider);
  const capabilities = METRIC_CAPABILITIES[options.runtime.name];
  const runtimeMetrics =
    capabilities && pipelines.metrics.length + pipelines.metricReaders.length > 0
      ? await import('./runtime-metrics/index.ts').then(({ startRuntimeMetrics }) =>
          startRuntimeMetrics(meterProvider, capabilities),
        )
      : undefined;
  const restoreFetch = settings.OTEL_JS_FETCH_AUTO_INSTRUMENTATION_ENABLED
    ? await import('./instrument-fetch.ts').then(({ instrumentFetch }) => instrumentFetch(notify))
    : undefined;
  const instrumentedConsole = consoleLogs?.instrumentConsole({
    redirectToStderr: Object.values(exporters).flat().includes('console'),
    version: VERSION,
  });

  async function shutdown(timeoutMillis: number): Promise<void> {
    ignoreSignals();
    process.off('beforeExit', onBeforeExit);
    process.off('exit', onExit);
    process.off('uncaughtExceptionMonitor', onUncaughtException);
    liveSpans.endAll();
    const delivered = Promise.allSettled([
      tracerProvider.shutdown(),
      meterProvider.shutdown(),
      loggerProvider.shutdown(),
    ]);
    await withTimeout(delivered, timeoutMillis);
    runtimeMetrics?.stop();
    instrumentedConsole?.restore();
    restoreFetch?.();
    pipelines.abandon();
  }
  let ended: Promise<void> | undefined;
  const telemetry: Telemetry = {
    hasSdk: true,
    destinations: pipelines.destinations,
    receiveSpans:
      spanProcessors.length > 0 && options.browser
        ? createSpanReceiver({
            ...tracerOptions,
            // Browser spans do not start in this process, so they are not counted.
            sampler,
            spanProcessors,
            resource: createBrowserResource(options.browser.resource, settings),
            scope: options.browser.scope,
          })
        : undefined,
    describe: () => [
      ...pipelines.deliveries.map((delivery) => delivery.describe()),
      ...(tailSampler ? [tailSampler.describe()] : []),
    ],
    async forceFlush() {
      await Promise.allSettled([
        tracerProvider.forceFlush(),
        meterProvider.forceFlush(),
        loggerProvider.forceFlush(),
      ]);
    },
    shutdown: (timeoutMillis = SHUTDOWN_TIMEOUT_MS) => (ended ??= shutdown(timeoutMillis)),
  };
  async function shutDownAndReport(): Promise<void> {
    await telemetry.shutdown();
    reportEnd();
  }
  // A program that handles a signal may call process.exit(), which leaves no time to export.
  async function flushOnSignal(): Promise<void> {
    if (options.isPreloaded) await telemetry.forceFlush();
  }
  async function onBeforeExit(): Promise<void> {
    // Bun reports a rejected promise only afterwards, and that crash is a record, too.
    await new Promise((resolve) => setImmediate(resolve));
    await shutDownAndReport();
  }
  const ignoreSignals = shutDownOnSignals(shutDownAndReport, flushOnSignal);
  // process.exit() leaves no time for requests. Synchronous exporters still write the live spans;
  // other records count as dropped.
  function onExit(): void {
    liveSpans.endAll();
    pipelines.abandon();
    reportEnd();
    ended ??= Promise.resolve();
  }
  // Deno does not emit `exit` after an uncaught exception.
  function onUncaughtException(): void {
    const isCaught =
      process.listenerCount('uncaughtException') > 0 ||
      process.hasUncaughtExceptionCaptureCallback?.();
    if (isCaught) return;
    process.off('exit', onExit);
    onExit();
  }
  function reportEnd(): void {
    for (const delivery of pipelines.deliveries) if (delivery.isLossy) notify(delivery.describe());
    // A program that has failed may not have come to its instrumentation.
    const isUnused = !isInstrumented && pipelines.traces.length > 0 && !process.exitCode;
    if (options.isPreloaded && isUnused) notify(NOT_INSTRUMENTED);
  }
  // Timers are unref'ed, so a script can exit without calling shutdown(): flush on `beforeExit`.
  process.once('beforeExit', onBeforeExit);
  process.on('exit', onExit);
  process.on('uncaughtExceptionMonitor', onUncaughtException);
  return telemetry;
}

/** Returns true if the settings allow fast histograms: cumulative, with explicit buckets, without views. */
function usesFastHistograms(settings: Settings, views: readonly ViewOptions[]): boolean {
  return (
    settings.OTEL_JS_FAST_PATH_ENABLED &&
    views.length === 0 &&
    settings.OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE === 'cumulative' &&
    settings.OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION ===
      'explicit_bucket_histogram'
  );
}

/** Registers all three providers, or none if any is already registered. */
function register(
  tracerProvider: TracerProvider,
  meterProvider: ApiMeterProvider,
  loggerProvider: ApiLoggerProvider,
): boolean {
  if (!trace.setGlobalTracerProvider(tracerProvider)) return false;
  if (metrics.setGlobalMeterProvider(meterProvider)) {
    if (logs.setGlobalLoggerProvider(loggerProvider) === loggerProvider) {
      shareLoggerProvider(loggerProvider);
      return true;
    }
    metrics.disable();
  }
  trace.disable();
  return false;
}

/** Waits for `work`, but no longer than `timeoutMillis`. */
async function withTimeout(work: Promise<unknown>, timeoutMillis: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise((resolve) => {
    timer = setTimeout(resolve, timeoutMillis);
  });
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}
