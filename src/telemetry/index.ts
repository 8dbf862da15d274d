import { context, propagation } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { Settings } from '../settings.ts';
import type { Exporter, Signal } from './exporter.ts';
import { createPlainLoggerProvider } from './plain-logs.ts';
import { createPropagator } from './propagator.ts';
import type { ReceiveSpans } from './receive-spans.ts';
import type { RuntimeMeasures } from './runtime-metrics.ts';

export interface TelemetryOptions {
  readonly settings: Settings;
  /** Where each signal goes, by names of exporters. */
  readonly exporters: Readonly<Record<Signal, readonly string[]>>;
  /** True when the runtime exports by itself: then nothing of ours is registered. */
  readonly isLeftToRuntime: boolean;
  readonly version: string;
  readonly runtime: {
    readonly name: string;
    readonly version: string;
    /** Without it nothing of the runtime is measured. */
    readonly measures?: RuntimeMeasures;
  };
  /** Loads an exporter by one of these names, or `tree`. Rejects with a sentence where it cannot run. */
  loadExporter(name: string): Promise<Exporter>;
  /** Takes a sentence for a person. */
  tell(sentence: string): void;
}

/** Telemetry that runs. */
export interface Telemetry {
  /** Where each signal goes, for a person. */
  readonly destinations: Readonly<Record<Signal, string>>;
  /** Takes spans that ended elsewhere, to where ours go; undefined where those go nowhere. */
  readonly receiveSpans?: ReceiveSpans | undefined;
  /** A sentence for each signal and exporter: how many records came how far. */
  describe(): readonly string[];
  /**
   * Ends open spans and delivers what is left; never rejects.
   * @param timeoutMillis after which the rest is given up and counted as dropped
   */
  shutdown(timeoutMillis: number): Promise<void>;
}

/** Registers what the settings ask for with the OpenTelemetry API. */
export async function startTelemetry(options: TelemetryOptions): Promise<Telemetry> {
  // Refused, and rightly so, where a runtime or another SDK has registered its own.
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(await createPropagator(options.settings.OTEL_PROPAGATORS));
  if (options.isLeftToRuntime) return showLogs(options, "the runtime's own exporter");
  // The SDK's code is not so much as read when it is disabled.
  if (options.settings.OTEL_SDK_DISABLED) return showLogs(options, 'nowhere (OTEL_SDK_DISABLED)');
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
    describe: () => [],
    shutdown: async () => {},
  };
}
