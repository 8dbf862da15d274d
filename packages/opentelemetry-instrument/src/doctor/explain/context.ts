import {
  type FailureContext,
  findOtlpVariables,
  type OtlpOptions,
  type Signal,
} from 'opentelemetry-instrument-exporters';
import type { EffectiveSetting } from '../../settings/index.ts';
import { showUrl } from '../show.ts';

/** The facts about an exporter and its settings that explanations need. */
export interface ExplainContext extends FailureContext {
  /** The URL of the exporter, without credentials and query. */
  readonly url: string;
}

/** Returns the context of explanations for one signal. */
export function createExplainContext(
  signal: Signal,
  { url, protocol, headers, names }: OtlpOptions,
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
    variables: names ?? findOtlpVariables(signal, (name) => changed.has(name)),
  };
}
