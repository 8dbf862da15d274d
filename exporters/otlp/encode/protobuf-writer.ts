import type { HrTime } from '@opentelemetry/api';
import { WIRE_TYPE } from '../protobuf/index.ts';
import { ByteWriter } from './byte-writer.ts';

const { varint: VARINT, fixed64: FIXED64, delimited: DELIMITED, fixed32: FIXED32 } = WIRE_TYPE;

/** Length of the longest tag and the longest number together. */
const HEAD = 15;

/**
 * Writes the fields of protobuf messages with their numbers, in the order of the calls.
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export class ProtobufWriter extends ByteWriter {
  varint(field: number, value: number): void {
    this.reserve(HEAD);
    this.#tag(field, VARINT);
    this.putVarint(value);
  }

  fixed32(field: number, value: number): void {
    this.reserve(HEAD);
    this.#tag(field, FIXED32);
    this.putFixed32(value);
  }

  double(field: number, value: number): void {
    this.reserve(HEAD);
    this.#tag(field, FIXED64);
    this.putDouble(value);
  }

  /** Writes an integer as fixed64 or sfixed64. */
  fixed64(field: number, value: number): void {
    this.reserve(HEAD);
    this.#tag(field, FIXED64);
    this.putFixed64(value);
  }

  /** Writes a signed 32-bit integer in ZigZag encoding. */
  sint32(field: number, value: number): void {
    this.varint(field, ((value << 1) ^ (value >> 31)) >>> 0);
  }

  /** Writes a list of numbers unless it is empty. */
  packed(field: number, values: readonly number[], type: 'varint' | 'fixed64' | 'double'): void {
    if (values.length === 0) return;
    const start = this.begin(field);
    this.reserve(10 * values.length);
    for (const value of values) {
      if (type === 'varint') this.putVarint(value);
      else if (type === 'fixed64') this.putFixed64(value);
      else this.putDouble(value);
    }
    this.end(start);
  }

  /** Writes nanoseconds since 1970 as fixed64. */
  time(field: number, time: HrTime): void {
    const seconds = time[0];
    const nanos = time[1];
    this.reserve(HEAD);
    this.#tag(field, FIXED64);
    // The product needs 61 bits. imul() returns its lowest 32 exactly. Without these, it is a multiple
    // of 2^32, which rounding finds although numbers have 53 bits.
    const low = (Math.imul(seconds, 1e9) + nanos) >>> 0;
    this.putFixed32(low);
    this.putFixed32(Math.round((seconds * 1e9 + nanos - low) / 2 ** 32));
  }

  /** Writes a string. A value that is not a string, contrary to its type, is written as an empty one. */
  string(field: number, value: string): void {
    const text = typeof value === 'string' ? value : '';
    const start = this.begin(field);
    this.reserve(3 * text.length, text.length);
    this.putText(text);
    this.end(start);
  }

  bytes(field: number, value: Uint8Array): void {
    this.reserve(HEAD);
    this.#tag(field, DELIMITED);
    this.putVarint(value.length);
    this.append(value);
  }

  /** Writes an ID given in hexadecimal. An ID of another length is written empty: decoders reject it. */
  id(field: number, digits: string, length: 16 | 32): void {
    const id = digits?.length === length ? digits : '';
    this.reserve(HEAD + length);
    this.#tag(field, DELIMITED);
    this.putVarint(id.length >> 1);
    this.putHex(id);
  }

  /**
   * Begins a nested message; its fields follow until `end()`.
   * @returns where its content starts
   */
  begin(field: number): number {
    this.reserve(HEAD);
    this.#tag(field, DELIMITED);
    // Reserves one byte for the length, which is not known yet: most are below 128.
    this.position += 1;
    return this.position;
  }

  /** Ends the message that began at `start`. Moves it if its length needs more bytes. */
  end(start: number): void {
    const length = this.position - start;
    if (length > 127) this.move(start, varintLength(length) - 1);
    this.position = start - 1;
    this.putVarint(length);
    this.position += length;
  }

  #tag(field: number, wireType: number): void {
    this.putVarint(field * 8 + wireType);
  }
}

/** Returns the number of bytes of a length of at least 128 as varint. */
function varintLength(length: number): number {
  if (length < 2 ** 14) return 2;
  if (length < 2 ** 21) return 3;
  return length < 2 ** 28 ? 4 : 5;
}
