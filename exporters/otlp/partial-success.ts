import { Buffer } from 'node:buffer';
import { diag } from '@opentelemetry/api';
import type { OnRejected } from '../exporter.ts';
import type { OtlpOptions } from './options.ts';
import { readBytes, readInt64 } from './protobuf-reader.ts';
import { quotable } from './sanitize-message.ts';

/**
 * Reports the partial success in the response to an export, if there is one.
 *
 * @param response the body, of the type of the request
 * @see https://opentelemetry.io/docs/specs/otlp/#partial-success
 */
export function reportRejections(
  response: Uint8Array,
  settings: OtlpOptions,
  onRejected: OnRejected,
): void {
  try {
    const parse = settings.protocol === 'http/json' ? parseJson : parseProtobuf;
    const { count, errorMessage } = parse(response);
    const message = quotable(errorMessage, settings);
    if (count > 0) onRejected(count, message || 'it does not say why');
    else if (message) diag.warn(`the other end took everything and says: ${message}`);
  } catch {
    diag.warn('an export was accepted with an answer that is no OTLP: rejections are not counted');
  }
}

interface PartialSuccess {
  readonly count: number;
  /** Empty if there is none. */
  readonly errorMessage: string;
}

function parseProtobuf(response: Uint8Array): PartialSuccess {
  const partialSuccess = readBytes(response, 1) ?? new Uint8Array();
  return {
    count: Number(readInt64(partialSuccess, 1)),
    errorMessage: new TextDecoder().decode(readBytes(partialSuccess, 2)),
  };
}

/** The field with the count is named after the signal. */
function parseJson(response: Uint8Array): PartialSuccess {
  if (response.length === 0) return { count: 0, errorMessage: '' };
  const { partialSuccess } = Object(JSON.parse(Buffer.from(response).toString()));
  const { errorMessage, ...counts } = Object(partialSuccess);
  return {
    count: Math.max(0, ...Object.values(counts).map(Number).filter(Number.isFinite)),
    errorMessage: typeof errorMessage === 'string' ? errorMessage : '',
  };
}
