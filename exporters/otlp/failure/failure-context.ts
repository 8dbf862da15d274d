import type { Signal } from '../../exporter.ts';
import {
  findOtlpVariables,
  type OtlpOptions,
  type OtlpProtocol,
  type OtlpVariables,
} from '../../options.ts';
import { addressOf, originOf } from '../endpoint.ts';

/** The facts about an exporter that messages need. */
export interface FailureContext {
  /** The subject of messages about connections: an origin, or "the server". */
  readonly origin: string;
  /** The subject of messages about responses: a URL, or "the server". */
  readonly endpoint: string;
  readonly signal: Signal;
  readonly protocol: OtlpProtocol;
  /** Names of the headers that are sent. */
  readonly headers: readonly string[];
  /** Names of the settings to change, as the user writes them: variables, flags or options. */
  readonly variables: OtlpVariables;
}

/** Returns the context of the failures of an exporter. */
export function failureContext(signal: Signal, settings: OtlpOptions): FailureContext {
  return {
    origin: originOf(settings),
    endpoint: addressOf(settings),
    signal,
    protocol: settings.protocol,
    headers: Object.keys(settings.headers),
    variables:
      settings.names ?? findOtlpVariables(signal, (name) => name === settings.endpoint?.variable),
  };
}

/**
 * Returns the assignment that sends a signal to `url`. The setting for all signals takes a base URL, to
 * which exporters append `/v1/<signal>`.
 */
export function assignEndpoint({ endpoint }: OtlpVariables, url: string): string {
  const isBase = !/traces|metrics|logs/i.test(endpoint);
  return `${endpoint}=${isBase ? url.replace(/\/v1\/(traces|metrics|logs)$/, '') : url}`;
}
