import { Buffer } from 'node:buffer';
import { isDeepStrictEqual } from 'node:util';
import type { Signal } from '../../exporters/exporter.ts';
import { type Message, normalizeExportRequest } from './otlp-definitions.ts';

/**
 * Decodes an export request in JSON and finds violations of the encoding. These are unknown
 * fields, ids that are not hex, 64-bit integers that are not strings, and enums that are not numbers.
 * @see https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export function decodeJsonExportRequest(
  signal: Signal,
  body: Uint8Array,
): { message: Message; unknownFields: readonly string[] } {
  const request = mapIds(JSON.parse(new TextDecoder().decode(body)), fromHex) as Message;
  const message = normalizeExportRequest(signal, request);
  return { message, unknownFields: differences(request, message, signal) };
}

/** Attributes are lists of `key` and `value`, so that these names are those of fields. */
const IDS = /^(?:trace|span|parentSpan)Id$/;

function mapIds(value: unknown, convert: (id: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => mapIds(each, convert));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [
    key,
    IDS.test(key) ? convert(each) : mapIds(each, convert),
  ]);
  return Object.fromEntries(entries);
}

function fromHex(id: unknown): Uint8Array {
  const text = String(id);
  if (!/^(?:[\da-f]{16}|[\da-f]{32})?$/.test(text)) throw new Error(`The id ${text} is not hex`);
  return Buffer.from(text, 'hex');
}

/** Finds the differences between the request and its normal form. */
function differences(written: unknown, read: unknown, path: string): string[] {
  if (written instanceof Uint8Array || isDeepStrictEqual(written, read)) return [];
  // A list without entries is none.
  if (Array.isArray(written) && written.length === 0 && read === undefined) return [];
  // JSON has no such numbers.
  if (/^(?:NaN|-?Infinity|-0)$/.test(String(written)) && Object.is(Number(written), read))
    return [];
  // Other bytes are base64.
  if (read instanceof Uint8Array) return written === base64(read) ? [] : [path];
  if (isObject(written) && isObject(read)) {
    return Object.entries(written).flatMap(([key, each]) =>
      differences(each, read[key], `${path}.${key}`),
    );
  }
  return [`${path} is ${JSON.stringify(written)}, not ${JSON.stringify(read)}`];
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
