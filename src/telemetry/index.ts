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
  const { settings, isLeftToRuntime, loadExporter } = options;
  if (!isLeftToRuntime) {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(
      new CompositePropagator({
        propagators: [createTraceContextPropagator(), new W3CBaggagePropagator()],
      }),
    );
  }
  if (settings.disabled || isLeftToRuntime) {
    const lines = (await loadExporter('tree')).logs();
    if (lines !== null) logs.setGlobalLoggerProvider(createPlainLoggerProvider(lines));
    const elsewhere = isLeftToRuntime
      ? "the runtime's own exporter"
      : 'nowhere (OTEL_SDK_DISABLED)';
    return {
      destinations: { traces: elsewhere, metrics: elsewhere, logs: 'stderr' },
      shutdown: async () => [],
    };
  }
  // The SDK's code is not so much as read when it is disabled.
  const { startSdk } = await import('./sdk.ts');
  return startSdk(options);
}
