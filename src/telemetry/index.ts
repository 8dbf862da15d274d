import { context, propagation } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator } from '@opentelemetry/core';
import type { Exporter, Signal } from './exporter.ts';
import { createPlainLoggerProvider } from './plain-logs.ts';
import type { TelemetrySettings } from './settings.ts';
import { createTraceContextPropagator } from './trace-context-propagator.ts';

export interface TelemetryOptions {
  readonly settings: TelemetrySettings;
  /** True when the runtime exports by itself: then nothing of ours is registered. */
  readonly isLeftToRuntime: boolean;
  readonly version: string;
  readonly runtime: { readonly name: string; readonly version: string };
  /** Loads an exporter by its name in `settings`, or `tree`. */
  loadExporter(name: string): Promise<Exporter>;
  /** Takes a sentence for a person. */
  tell(sentence: string): void;
}

/** Telemetry that runs. */
export interface Telemetry {
  /** Where each signal goes, for a person. */
  readonly destinations: Readonly<Record<Signal, string>>;
  /**
   * Ends open spans and delivers what is left; never rejects.
   * @param timeoutMillis after which the rest is given up
   * @returns a sentence for each signal and exporter that lost something
   */
  shutdown(timeoutMillis: number): Promise<readonly string[]>;
}

/** Registers what the settings ask for with the OpenTelemetry API. */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  // Refused, and rightly so, where a runtime or another SDK has registered its own.
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(
    new CompositePropagator({
      propagators: [createTraceContextPropagator(), new W3CBaggagePropagator()],
    }),
  );
  if (options.isLeftToRuntime) return showLogs(options, "the runtime's own exporter");
  // The SDK's code is not so much as read when it is disabled.
  if (options.settings.disabled) return showLogs(options, 'nowhere (OTEL_SDK_DISABLED)');
  const { startSdk } = await import('./sdk.ts');
  return (await startSdk(options)) ?? showLogs(options, 'the SDK that was registered before');
}

/** All that is done without the SDK: a person reads the log records. */
async function showLogs({ loadExporter }: TelemetryOptions, elsewhere: string): Promise<Telemetry> {
  const lines = (await loadExporter('tree')).logs();
  const provider = lines && createPlainLoggerProvider(lines);
  const isShown = provider !== null && logs.setGlobalLoggerProvider(provider) === provider;
  return {
    destinations: {
      traces: elsewhere,
      metrics: elsewhere,
      logs: isShown ? 'stderr' : elsewhere,
    },
    shutdown: async () => [],
  };
}
