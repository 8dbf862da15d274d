import { metrics, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { LoggerProvider } from '@opentelemetry/sdk-logs';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import {
  ATTR_TELEMETRY_SDK_LANGUAGE,
  TELEMETRY_SDK_LANGUAGE_VALUE_NODEJS,
} from '@opentelemetry/semantic-conventions';
import { createSpanReceiver, type ReceiveSpans } from '../intake/replay-spans.ts';
import { alignLogTimes } from '../sdk/clock/index.ts';
import { routeDiagnostics } from '../sdk/diagnostics.ts';
import { measureDeliveries } from '../sdk/export-stats/index.ts';
import { createFastTracerProvider } from '../sdk/fast-path/index.ts';
import { logRecordLimits, spanLimits } from '../sdk/limits.ts';
import { createLiveSpans } from '../sdk/live-spans.ts';
import { createBrowserResource, toResource } from '../sdk/resource-attributes.ts';
import { createSampler } from '../sdk/sampler.ts';
import { shareLoggerProvider } from '../sdk/shared-api.ts';
import { createSpanCounter } from '../sdk/span-metrics.ts';
import type { ProgramSettings } from '../settings/index.ts';
import type { BrowserSpanOrigin } from '../telemetry.ts';
import { consoleLogs } from './console.ts';
import { createSpanWatch } from './invocation.ts';
import { throttleByClock } from './loss-report.ts';
import { createPipelines, type WorkerPipelines } from './pipelines.ts';
import { yieldToPlatform } from './platform-span.ts';

/** Options of `startWorkerSdk()`. */
export interface WorkerSdkOptions {
  readonly read: Pick<ProgramSettings, 'settings' | 'exporters' | 'otlp'>;
  readonly attributes: Readonly<Record<string, string>>;
  readonly browser: BrowserSpanOrigin | undefined;
  notify(message: string): void;
}

/** The SDK of an isolate. */
export interface WorkerSdk extends WorkerPipelines {
  readonly receiveSpans: ReceiveSpans | undefined;
}

/**
 * Creates the SDK's providers and registers them with the API. Everything is synchronous: a promise of one
 * request must not wait for another request.
 */
export function startWorkerSdk({ read, attributes, browser, notify }: WorkerSdkOptions): WorkerSdk {
  const { settings } = read;
  const pipelines = createPipelines(read, notify);
  const resource = toResource(
    {
      ...attributes,
      'cloud.provider': 'cloudflare',
      'cloud.platform': 'cloudflare.workers',
      'process.runtime.name': 'workerd',
      // The SDK is built for browsers here, whose value is `webjs`.
      [ATTR_TELEMETRY_SDK_LANGUAGE]: TELEMETRY_SDK_LANGUAGE_VALUE_NODEJS,
      // One for each isolate.
      'service.instance.id': crypto.randomUUID(),
    },
    settings,
  );
  const sampler = createSampler(settings);
  const spanCounter = createSpanCounter(yieldToPlatform(sampler));
  const liveSpans = createLiveSpans();
  const tracerOptions = { resource, spanLimits: spanLimits(settings) };
  const spanProcessors = pipelines.spans ? [pipelines.spans] : [];
  const tracerProvider = createFastTracerProvider({
    ...tracerOptions,
    sampler: spanCounter.sampler,
    // A span counts as open until it is queued.
    spanProcessors: [liveSpans, ...spanProcessors, createSpanWatch()],
  });
  const meterProvider = new MeterProvider({
    resource,
    sdkMetricsEnabled: true,
    readers: pipelines.metrics ? [pipelines.metrics.reader] : [],
  });
  const loggerProvider = new LoggerProvider({
    resource,
    meterProvider,
    logRecordLimits: logRecordLimits(settings),
    processors: [alignLogTimes, ...(pipelines.logs ? [pipelines.logs] : []), consoleLogs],
  });
  const isRegistered = [
    trace.setGlobalTracerProvider(tracerProvider),
    metrics.setGlobalMeterProvider(meterProvider),
    logs.setGlobalLoggerProvider(loggerProvider) === loggerProvider,
  ];
  if (isRegistered.includes(false)) {
    notify('Another OpenTelemetry SDK is registered in this Worker: remove one of the two.');
  }
  shareLoggerProvider(loggerProvider);
  routeDiagnostics({ level: settings.OTEL_LOG_LEVEL, notify, throttle: throttleByClock });
  measureDeliveries(meterProvider, pipelines.deliveries);
  spanCounter.measure(meterProvider, liveSpans);

  return {
    ...pipelines,
    receiveSpans:
      pipelines.spans && browser
        ? createSpanReceiver({
            ...tracerOptions,
            sampler,
            spanProcessors: [pipelines.spans],
            resource: createBrowserResource(browser.resource, settings),
            scope: browser.scope,
          })
        : undefined,
  };
}
