import {
  type Baggage,
  type BaggageEntry,
  baggageEntryMetadataFromString,
  propagation,
  type TextMapPropagator,
} from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';

const BAGGAGE = 'baggage';

/** W3C requires at least 64 members and 8,192 bytes in total. A single member has no limit. */
const MAX_MEMBERS = 180;
const MAX_BYTES = 8_192;

const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;
/** Characters to escape in a key: all that are not in a token, and the percent sign. */
const NOT_IN_KEY = /[^\w!#$&'*+.^`|~-]+/g;
/** Characters to escape in a value: all except `baggage-octet`, and the percent sign. */
const NOT_IN_VALUE = /[^!#$&-+\--:<-[\]-~]+/g;
/**
 * Characters to escape in properties, which are opaque: those that would end the member or header.
 */
const NOT_IN_PROPERTIES = /[^\t -+\--~]+/g;

/**
 * Creates a propagator of W3C `baggage`.
 *
 * `W3CBaggagePropagator` of `@opentelemetry/core` drops members without a value and members of more
 * than 4,096 bytes.
 * @see https://www.w3.org/TR/baggage/
 */
export function createBaggagePropagator(): TextMapPropagator {
  return {
    inject(context, carrier, setter) {
      const baggage = propagation.getBaggage(context);
      if (!baggage || isTracingSuppressed(context)) return;
      const header = serialize(baggage);
      if (header !== '') setter.set(carrier, BAGGAGE, header);
    },

    extract(context, carrier, getter) {
      const header = [getter.get(carrier, BAGGAGE) ?? []].flat().join(',');
      const baggage = header === '' ? undefined : parse(header);
      return baggage ? propagation.setBaggage(context, baggage) : context;
    },

    fields: () => [BAGGAGE],
  };
}

/** Serializes baggage. Members that do not fit are dropped. */
function serialize(baggage: Baggage): string {
  let header = '';
  let count = 0;
  for (const [key, { value, metadata }] of baggage.getAllEntries()) {
    const properties = metadata?.toString().replace(NOT_IN_PROPERTIES, encode);
    const name = key.replace(NOT_IN_KEY, encode);
    const member = `${name}=${value.replace(NOT_IN_VALUE, encode)}${properties ? `;${properties}` : ''}`;
    const longer = header === '' ? member : `${header},${member}`;
    if (name === '' || longer.length > MAX_BYTES) continue;
    header = longer;
    count += 1;
    if (count === MAX_MEMBERS) break;
  }
  return header;
}

/** Parses a header. Returns undefined if no member is valid. */
function parse(header: string): Baggage | undefined {
  const entries = new Map<string, BaggageEntry>();
  let size = 0;
  for (const member of header.split(',', MAX_MEMBERS)) {
    size += member.length + 1;
    if (size > MAX_BYTES + 1) break;
    const [pair = '', properties] = splitAtFirst(member, ';');
    const [key = '', value] = splitAtFirst(pair, '=');
    const name = TOKEN.test(key) ? decodeKey(key) : undefined;
    if (name === undefined || value === undefined) continue;
    entries.set(name, {
      value: decode(value),
      ...(properties && { metadata: baggageEntryMetadataFromString(properties) }),
    });
  }
  return entries.size > 0 ? propagation.createBaggage(Object.fromEntries(entries)) : undefined;
}

/** Returns the trimmed parts before and after the separator, or one part if there is none. */
function splitAtFirst(text: string, separator: string): string[] {
  const index = text.indexOf(separator);
  const parts = index === -1 ? [text] : [text.slice(0, index), text.slice(index + 1)];
  return parts.map((part) => part.trim());
}

function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[()]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  );
}

/** Decodes a key. W3C keys have no escapes, but OpenTelemetry's propagators write them. */
function decodeKey(key: string): string | undefined {
  try {
    return decodeURIComponent(key);
  } catch {
    return undefined;
  }
}

/** Decodes a value. Invalid UTF-8 becomes U+FFFD; a percent sign without two digits is kept. */
function decode(value: string): string {
  return value.replace(/(?:%[\da-f]{2})+/gi, (escapes) => {
    const bytes = escapes.slice(1).split('%');
    return new TextDecoder().decode(Uint8Array.from(bytes, (hex) => Number.parseInt(hex, 16)));
  });
}
