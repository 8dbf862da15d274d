import type { Resource } from '@opentelemetry/resources';
import type { Exporter, OtlpOptions, Signal } from 'opentelemetry-instrument-exporters';
import type { EffectiveSetting, Problem } from '../settings/index.ts';

export interface DoctorOptions {
  /** Version of the program. */
  readonly version: string;
  /** Version of the `@opentelemetry/api` that the program is built with. */
  readonly apiVersion: string;
  readonly runtime: {
    readonly name: string;
    readonly version: string;
    readonly hasOwnTelemetry: boolean;
  };
  readonly settings: readonly EffectiveSetting[];
  /** Messages about settings that are not valid. */
  readonly problems: readonly string[];
  /** The problems that prevent the app from starting. @default none */
  readonly refusals?: readonly Problem[];
  /** Names of the exporters of each signal; none if the signal is off. */
  readonly signals: Readonly<Record<Signal, readonly string[]>>;
  readonly otlp: Readonly<Record<Signal, OtlpOptions>>;
  /** URL of Jaeger's query API and page. Without it, storage is not checked. */
  readonly jaegerUrl?: string | undefined;
  /** The resource of the app. */
  readonly resource: Resource;
  /** Loads an exporter by its name in `signals`, with these options for OTLP. */
  loadExporter(name: string, otlp: Readonly<Record<Signal, OtlpOptions>>): Promise<Exporter>;
  write(text: string): void;
  readonly colors: boolean;
  /** Writes one JSON document, a `Diagnosis`, instead of text. */
  readonly json: boolean;
}
