import type { Resource } from '@opentelemetry/resources';
import type { Exporter, Signal } from 'opentelemetry-instrument-exporters';
import type { EffectiveSetting } from '../settings/effective-settings.ts';
import type { OtlpSettings } from '../settings/otlp-settings.ts';
import type { Problem } from '../settings/problem.ts';

/** Where the OTLP exporter sends one signal, and how. */
export type OtlpTarget = Omit<OtlpSettings, 'endpoint' | 'compression'>;

export interface DoctorOptions {
  /** Of the program. */
  readonly version: string;
  /** Of the `@opentelemetry/api` that the program is built with. */
  readonly apiVersion: string;
  readonly runtime: {
    readonly name: string;
    readonly version: string;
    readonly hasOwnTelemetry: boolean;
  };
  readonly settings: readonly EffectiveSetting[];
  /** Sentences about settings that were not understood. */
  readonly problems: readonly string[];
  /** Those of the problems with which the app does not start. Default: none. */
  readonly refusals?: readonly Problem[];
  /** Names of exporters; none where the signal goes nowhere. */
  readonly signals: Readonly<Record<Signal, readonly string[]>>;
  readonly otlp: Readonly<Record<Signal, OtlpTarget>>;
  /** Of Jaeger's query API and page. Without it nobody asks whether the span was stored. */
  readonly jaegerUrl?: string | undefined;
  /** Whom the records are from: as of the app's own. */
  readonly resource: Resource;
  /** Makes an exporter by its name in `signals`. */
  loadExporter(name: string): Promise<Exporter>;
  write(text: string): void;
  readonly colors: boolean;
  /** Writes one JSON document, a `Diagnosis`, in place of the text. */
  readonly json: boolean;
}
