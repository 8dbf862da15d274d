import type { HrTime } from '@opentelemetry/api';

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;

/** Characters from which `TextEncoder` beats a loop: 48 on Node, 64 on Bun and Deno. */
const LONG = 64;
/** Bytes of the longest tag and the longest varint together. */
const MAX_HEAD = 15;
const encoder = new TextEncoder();

/** Thrown when a writer's limit is exceeded; it can go on from an earlier `position`. */
export class LimitError extends Error {}

/**
 * Writes the fields of protobuf messages into one growing array, which serves again and again.
 *
 * A class, unlike the rest: its fields change with every byte, and `position` is set from outside.
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export class ProtobufWriter {
  /** Bytes written. Setting it back takes back what was written since. */
  position = 0;
  #bytes: Uint8Array<ArrayBuffer>;
  readonly #limit: number;

  /** @param limit bytes; writing more throws a `LimitError`, though not with the first byte */
  constructor(capacity: number, limit = Number.POSITIVE_INFINITY) {
    this.#bytes = new Uint8Array(capacity);
    this.#limit = limit;
  }

  get capacity(): number {
    return this.#bytes.length;
  }

  /** What was written, or a part of it, as a view that the next writing may change. */
  written(from = 0, to = this.position): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(from, to);
  }

  /** An unsigned or a signed integer; what does not fit into 64 bits is cut to its lowest. */
  varint(field: number, value: number): void {
    this.#reserve(MAX_HEAD);
    this.#varint(field * 8 + VARINT);
    this.#varint(value);
  }

  fixed32(field: number, value: number): void {
    this.#reserve(MAX_HEAD);
    this.#varint(field * 8 + FIXED32);
    this.#fixed32(value);
  }

  double(field: number, value: number): void {
    this.#reserve(MAX_HEAD);
    this.#varint(field * 8 + FIXED64);
    new DataView(this.#bytes.buffer).setFloat64(this.position, value, true);
    this.position += 8;
  }

  /** Nanoseconds since 1970 as fixed64. */
  time(field: number, time: HrTime): void {
    const seconds = time[0];
    const nanos = time[1];
    this.#reserve(MAX_HEAD);
    this.#varint(field * 8 + FIXED64);
    // The product needs 61 bits. imul() has its lowest 32 exactly; less these it is a multiple of
    // 2^32, which rounding finds in spite of the 53 bits of a number.
    const low = ((Math.imul(seconds, 1e9) >>> 0) + nanos) >>> 0;
    this.#fixed32(low);
    this.#fixed32(Math.round((seconds * 1e9 + nanos - low) / 2 ** 32));
  }

  /** UTF-8, with U+FFFD for a lone surrogate. What is no string, in spite of the types, is empty. */
  string(field: number, text: string): void {
    const length = typeof text === 'string' ? text.length : 0;
    if (this.position + length > this.#limit) throw new LimitError();
    this.#reserve(MAX_HEAD + 3 * length);
    this.#varint(field * 8 + DELIMITED);
    const start = this.position;
    this.#varint(length);
    if (length < LONG && this.#ascii(text, length)) return;
    const lengthBytes = this.position - start;
    this.position += encoder.encodeInto(text, this.#bytes.subarray(this.position)).written;
    this.end(start + lengthBytes, lengthBytes);
  }

  bytes(field: number, bytes: Uint8Array): void {
    this.#reserve(MAX_HEAD);
    this.#varint(field * 8 + DELIMITED);
    this.#varint(bytes.length);
    this.append(bytes);
  }

  /** Bytes from their hexadecimal digits. */
  hex(field: number, digits: string): void {
    const length = digits.length >> 1;
    this.#reserve(MAX_HEAD + length);
    this.#varint(field * 8 + DELIMITED);
    this.#varint(length);
    for (let index = 0; index < 2 * length; index += 2) {
      this.#bytes[this.position++] =
        (nibble(digits.charCodeAt(index)) << 4) | nibble(digits.charCodeAt(index + 1));
    }
  }

  /** Encoded fields. */
  append(fields: Uint8Array): void {
    if (this.position + fields.length > this.#limit) throw new LimitError();
    this.#reserve(fields.length);
    this.#bytes.set(fields, this.position);
    this.position += fields.length;
  }

  /**
   * Begins a message within the message, whose fields follow until `end()`.
   * @param lengthBytes that its length will need; a wrong guess costs a move of the message
   * @returns where its content starts
   */
  begin(field: number, lengthBytes: number): number {
    this.#reserve(MAX_HEAD);
    this.#varint(field * 8 + DELIMITED);
    this.position += lengthBytes;
    return this.position;
  }

  /** Ends the message that began at `start`, with the same `lengthBytes`. */
  end(start: number, lengthBytes: number): void {
    const length = this.position - start;
    const needed = varintLength(length);
    if (needed !== lengthBytes) {
      this.#reserve(MAX_HEAD);
      this.#bytes.copyWithin(start - lengthBytes + needed, start, this.position);
    }
    this.position = start - lengthBytes;
    this.#varint(length);
    this.position += length;
  }

  #ascii(text: string, length: number): boolean {
    const bytes = this.#bytes;
    const start = this.position;
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index);
      if (code > 127) return false;
      bytes[start + index] = code;
    }
    this.position = start + length;
    return true;
  }

  #varint(value: number): void {
    let low = value >>> 0;
    let high = value === low ? 0 : Math.floor(value / 2 ** 32) >>> 0;
    for (; high > 0; high >>>= 7) {
      this.#bytes[this.position++] = (low & 127) | 128;
      low = ((low >>> 7) | (high << 25)) >>> 0;
    }
    for (; low > 127; low >>>= 7) this.#bytes[this.position++] = (low & 127) | 128;
    this.#bytes[this.position++] = low;
  }

  #fixed32(value: number): void {
    const bytes = this.#bytes;
    bytes[this.position++] = value;
    bytes[this.position++] = value >>> 8;
    bytes[this.position++] = value >>> 16;
    bytes[this.position++] = value >>> 24;
  }

  #reserve(length: number): void {
    if (this.position + length > this.#bytes.length) this.#grow(this.position + length);
  }

  #grow(needed: number): void {
    if (this.position > this.#limit) throw new LimitError();
    const bytes = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    bytes.set(this.written());
    this.#bytes = bytes;
  }
}

/** The value of a hexadecimal digit, from its character code. */
function nibble(code: number): number {
  return (code & 15) + (code >> 6) * 9;
}

/** Bytes of a length as varint. */
function varintLength(length: number): number {
  if (length < 2 ** 7) return 1;
  if (length < 2 ** 14) return 2;
  if (length < 2 ** 21) return 3;
  return length < 2 ** 28 ? 4 : 5;
}
