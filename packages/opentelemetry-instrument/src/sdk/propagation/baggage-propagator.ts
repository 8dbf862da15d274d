import {
  type Baggage,
  type BaggageEntry,
  baggageEntryMetadataFromString,
  propagation,
  type TextMapPropagator,
} from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';

const BAGGAGE = 'baggage';

/** The minimum that W3C asks for is 64 members and 8,192 bytes together; one member has no limit. */
const MAX_MEMBERS = 180;
const MAX_BYTES = 8_192;

const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/;
/** All but the characters of a token, and the percent sign. */
const NOT_IN_KEY = /[^\w!#$&'*+.^`|~-]+/g;
/** All but `baggage-octet`, and the percent sign, which begins an escape. */
const NOT_IN_VALUE = /[^!#$&-+\--:<-[\]-~]+/g;
/** Properties are opaque: only what would end the member or the header is escaped. */
const NOT_IN_PROPERTIES = /[^\t -+\--~]+/g;

/**
 * Propagates `baggage` as W3C defines it.
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

/** Leaves out the members that do not fit. */
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

/** @returns undefined when no member is valid */
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

/** @returns one part where there is no separator; both without surrounding white space */
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

/** A key has no escapes by the definition, but the propagators of OpenTelemetry write them. */
function decodeKey(key: string): string | undefined {
  try {
    return decodeURIComponent(key);
  } catch {
    return undefined;
  }
}

/** Escapes that are not UTF-8 become U+FFFD, and a percent sign without two digits stays. */
function decode(value: string): string {
  return value.replace(/(?:%[\da-f]{2})+/gi, (escapes) => {
    const bytes = escapes.slice(1).split('%');
    return new TextDecoder().decode(Uint8Array.from(bytes, (hex) => Number.parseInt(hex, 16)));
  });
}
