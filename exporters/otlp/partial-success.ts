import { diag } from '@opentelemetry/api';
import type { RejectedRecords } from '../exporter.ts';
import type { OtlpOptions } from '../options.ts';
import { sanitizeMessage } from './failure/index.ts';
import { asNumber, asObject, asText } from './json-values.ts';
import { decodeMessage, EXPORT_RESPONSE } from './protobuf/index.ts';

/**
 * Returns the rejected records in the response to an export; undefined if all were accepted. Reports
 * warnings and responses that are not OTLP.
 *
 * @param response the body, of the type of the request
 * @see https://opentelemetry.io/docs/specs/otlp/#partial-success
 */
export function readRejected(
  response: Uint8Array,
  settings: OtlpOptions,
): RejectedRecords | undefined {
  try {
    const parse = settings.protocol === 'http/json' ? parseJson : parseProtobuf;
    const { count, message: rawMessage } = parse(response);
    const message = sanitizeMessage(rawMessage, settings);
    if (count > 0) return { count, message };
    if (message) diag.warn(`the collector accepted all records with a warning: ${message}`);
  } catch {
    diag.warn(
      'an export was accepted, but the response is not OTLP, so rejected records are not counted: check that the server is a Collector',
    );
  }
  return undefined;
}

function parseProtobuf(response: Uint8Array): RejectedRecords {
  const { partialSuccess } = decodeMessage(response, EXPORT_RESPONSE);
  const { rejected, errorMessage } = asObject(partialSuccess);
  return { count: asNumber(rejected), message: asText(errorMessage) };
}

/** Parses JSON, in which the field with the count is named after the signal. */
function parseJson(response: Uint8Array): RejectedRecords {
  if (response.length === 0) return { count: 0, message: '' };
  const { partialSuccess } = Object(JSON.parse(new TextDecoder().decode(response)));
  const { errorMessage, ...counts } = Object(partialSuccess);
  return {
    count: Math.max(0, ...Object.values(counts).map(Number).filter(Number.isFinite)),
    message: typeof errorMessage === 'string' ? errorMessage : '',
  };
}
