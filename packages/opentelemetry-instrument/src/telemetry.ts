import type { Attributes } from '@opentelemetry/api';
import type { Exporter, Signal } from 'opentelemetry-instrument-exporters';
import type { ReceiveSpans } from './intake/replay-spans.ts';
import type { RuntimeDescription } from './sdk/runtime.ts';
import type { ProgramSettings } from './settings/index.ts';

/** Identity of the spans that browsers send. It replaces the one in their requests. */
export interface BrowserSpanOrigin {
  readonly resource: Attributes;
  readonly scope: { readonly name: string; readonly version: string };
}

/** The part of the settings that configures the SDK. */
type SdkSettings = Pick<ProgramSettings, 'settings' | 'exporters' | 'otlp' | 'views'>;

/** Options of `startTelemetry()`. All of them have defaults. */
export interface TelemetryOptions {
  /**
   * Settings of the SDK and its exporters.
   * @default read from the environment; problems go to `notify`
   */
  readonly settings?: SdkSettings | undefined;
  /**
   * Attributes of the resource, such as `service.name`. `OTEL_RESOURCE_ATTRIBUTES` and
   * `OTEL_SERVICE_NAME` override them.
   */
  readonly resource?: Attributes | undefined;
  /**
   * The resource and the instrumentation scope of spans that browsers send.
   * @default none: such spans are not accepted
   */
  readonly browser?: BrowserSpanOrigin | undefined;
  /**
   * The runtime that this process runs on.
   * @default the current runtime
   */
  readonly runtime?: RuntimeDescription | undefined;
  /**
   * Loads an exporter by its name in `OTEL_*_EXPORTER`, or `tree`. Rejects with a message when the
   * exporter cannot run.
   * @default the exporters of `opentelemetry-instrument-exporters`
   */
  readonly loadExporter?: ((name: string) => Promise<Exporter>) | undefined;
  /**
   * Receiver of human-readable messages, such as warnings about dropped records.
   * @default a function that writes a line to stderr
   */
  readonly notify?: ((message: string) => void) | undefined;
  /**
   * True if the program does not know of telemetry, so that it cannot call `shutdown()`. Then the queue is also exported
   * when a signal arrives that the program handles, and a program without instrumentation is reported at its end.
   * @default false
   */
  readonly isPreloaded?: boolean | undefined;
}

/** Options with their defaults filled in. */
export interface ResolvedTelemetryOptions extends Required<Omit<TelemetryOptions, 'browser'>> {
  readonly settings: SdkSettings;
  readonly resource: Attributes;
  readonly browser: BrowserSpanOrigin | undefined;
  readonly runtime: RuntimeDescription;
  readonly loadExporter: (name: string) => Promise<Exporter>;
  readonly notify: (message: string) => void;
  readonly isPreloaded: boolean;
}

/** Running telemetry. */
export interface Telemetry {
  /** Human-readable destination of each signal; `off` if it has none. */
  readonly destinations: Readonly<Record<Signal, string>>;
  /** Forwards spans that ended elsewhere; undefined when spans are not exported. */
  readonly receiveSpans?: ReceiveSpans | undefined;
  /** False if the SDK is off, or another one is registered. */
  readonly hasSdk: boolean;
  /** Returns a sentence for each signal and exporter that counts its records. */
  describe(): readonly string[];
  /** Exports what is queued. Never rejects. */
  forceFlush(): Promise<void>;
  /**
   * Ends live spans and exports what is queued. Never rejects.
   * @param timeoutMillis time after which the rest is abandoned and counted as dropped
   */
  shutdown(timeoutMillis?: number): Promise<void>;
}
