import type { Signal } from '../exporter.ts';
import { addressOf, originOf } from './endpoint.ts';
import type { OtlpOptions, OtlpProtocol } from './options.ts';
import { findOtlpVariables, type OtlpVariables } from './variable-names.ts';

/** A failure in words: clauses without a capital and a full stop. */
export interface FailureDescription {
  readonly problem: string;
  /** The remedy. */
  readonly fix: string;
}

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
  /** Names of the variables to change. */
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
    variables: findOtlpVariables(signal, (name) => name === settings.endpoint?.variable),
  };
}
