import type { ISerializer } from '@opentelemetry/otlp-transformer';

// A quotation mark inside of a text has a backslash before it, so that neither is found in one.
const INTEGERS = /([{,]"(?:intValue|asInt|count|zeroCount)":)(-?\d+)(?=[,}])/g;
const LISTS = /(?<=[{,]"bucketCounts":\[)[\d,]+(?=\])/g;

/**
 * Writes 64-bit integers as texts, as the rules of JSON for protobuf have it, where the SDK's
 * serializers write numbers.
 * @see https://protobuf.dev/programming-guides/json/
 */
export function withIntegersAsText<Records, Answer>(
  serializer: ISerializer<Records, Answer>,
): ISerializer<Records, Answer> {
  return {
    serializeRequest(records) {
      const bytes = serializer.serializeRequest(records);
      if (bytes === undefined) return undefined;
      const text = new TextDecoder()
        .decode(bytes)
        .replace(INTEGERS, '$1"$2"')
        .replace(LISTS, (list) => list.replace(/\d+/g, '"$&"'));
      return new TextEncoder().encode(text);
    },
    deserializeResponse: (data) => serializer.deserializeResponse(data),
  };
}
