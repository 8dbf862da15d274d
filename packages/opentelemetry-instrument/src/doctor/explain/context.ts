import type { FailureContext, OtlpOptions, Signal } from 'opentelemetry-instrument-exporters';
import { findOtlpVariables } from 'opentelemetry-instrument-exporters/otlp';
import type { EffectiveSetting } from '../../settings/effective-settings.ts';
import { showUrl } from '../show.ts';

/** The facts about an exporter and its settings that explanations need. */
export interface ExplainContext extends FailureContext {
  /** Without credentials and query. */
  readonly url: string;
}

/** Returns the context of explanations for one signal. */
export function createExplainContext(
  signal: Signal,
  { url, protocol, headers }: OtlpOptions,
  settings: readonly EffectiveSetting[],
): ExplainContext {
  const changed = new Set(
    settings.filter(({ origin }) => origin !== 'default').map(({ name }) => name),
  );
  return {
    origin: 'the server',
    endpoint: 'the server',
    url: showUrl(url),
    signal,
    protocol,
    headers: Object.keys(headers),
    variables: findOtlpVariables(signal, (name) => changed.has(name)),
  };
}
