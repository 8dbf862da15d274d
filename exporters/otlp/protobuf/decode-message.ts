import { readString } from './read-string.ts';

/** Wire types of protobuf. Groups, which are deprecated, are not supported. */
export const WIRE_TYPE = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 } as const;

/** The type of a field. Integers of 64 bits become a `bigint`, IDs hexadecimal digits. */
export type FieldType =
  | 'string'
  | 'bytes'
  | 'hex'
  | 'bool'
  | 'int32'
  | 'sint32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'fixed32'
  | 'fixed64'
  | 'sfixed64'
  | 'double';

/** A field of a message. The name is the one in OTLP's JSON. */
export interface Field {
  readonly name: string;
  readonly type: FieldType | (() => MessageType);
  readonly isRepeated: boolean;
}

/** Fields by their numbers. */
export type MessageType = readonly (Field | undefined)[];

/** A message as it is in OTLP's JSON, but for the values that JSON cannot hold. */
export type Message = { [field: string]: unknown };

/** The value of a field that is not a message. */
export type Scalar = string | number | boolean | bigint | Uint8Array;

/** Options of `decodeMessage()`. */
export interface DecodeOptions {
  /** Maximum number of messages within the message. @default no limit */
  readonly maxMessages?: number;
  /** Converts each scalar value. @default returns it */
  readonly convert?: (value: Scalar) => unknown;
}

/** Levels of messages, as in protobuf's decoders of C++ and Java. */
const MAX_DEPTH = 100;

/** The wire type of each field type. */
const WIRE_TYPES: Readonly<Record<FieldType, number>> = {
  string: WIRE_TYPE.delimited,
  bytes: WIRE_TYPE.delimited,
  hex: WIRE_TYPE.delimited,
  bool: WIRE_TYPE.varint,
  int32: WIRE_TYPE.varint,
  sint32: WIRE_TYPE.varint,
  uint32: WIRE_TYPE.varint,
  int64: WIRE_TYPE.varint,
  uint64: WIRE_TYPE.varint,
  fixed32: WIRE_TYPE.fixed32,
  fixed64: WIRE_TYPE.fixed64,
  sfixed64: WIRE_TYPE.fixed64,
  double: WIRE_TYPE.fixed64,
};

/**
 * Reads a protobuf message. Unknown fields are skipped, as later versions of OTLP may have more. The last of
 * several values of a field wins, unless it is repeated.
 *
 * @throws RangeError if it is cut off, nested too deeply, has too many messages or a field of another type
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export function decodeMessage(
  bytes: Uint8Array,
  type: MessageType,
  { maxMessages = Number.POSITIVE_INFINITY, convert = (value) => value }: DecodeOptions = {},
): Message {
  const cursor = new Cursor(bytes);
  let messagesLeft = maxMessages;

  function read(messageType: MessageType, depth: number): Message {
    if (depth > MAX_DEPTH) throw new RangeError('A message is nested too deeply.');
    if (messagesLeft-- === 0) throw new RangeError('There are too many messages.');
    const message: Message = {};
    while (cursor.hasMore) {
      const tag = cursor.readVarint();
      const wireType = tag % 8;
      const field = messageType[(tag - wireType) / 8];
      if (field === undefined) cursor.skipField(wireType);
      else readField(message, field, wireType, depth);
    }
    return message;
  }

  function readField(message: Message, field: Field, wireType: number, depth: number): void {
    const { name, type, isRepeated } = field;
    if (typeof type !== 'string') {
      if (wireType !== WIRE_TYPE.delimited) throw wrongType(name);
      add(
        message,
        field,
        cursor.within(() => read(type(), depth + 1)),
      );
    } else if (wireType === WIRE_TYPES[type]) {
      add(message, field, convert(cursor.readScalar(type)));
    } else if (isRepeated && wireType === WIRE_TYPE.delimited) {
      // Numbers of a repeated field are packed, or stand alone.
      const list = listOf(message, name);
      cursor.within(() => {
        while (cursor.hasMore) list.push(convert(cursor.readScalar(type)));
      });
    } else throw wrongType(name);
  }

  return read(type, 0);
}

function add(message: Message, { name, isRepeated }: Field, value: unknown): void {
  if (isRepeated) listOf(message, name).push(value);
  else message[name] = value;
}

function listOf(message: Message, name: string): unknown[] {
  const list = message[name];
  if (Array.isArray(list)) return list;
  const created: unknown[] = [];
  message[name] = created;
  return created;
}

function wrongType(name: string): RangeError {
  return new RangeError(`The field ${name} has a wrong type.`);
}

/** A position in a message, up to the end of the innermost one. */
class Cursor {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;
  #end: number;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.length;
  }

  get hasMore(): boolean {
    return this.#at < this.#end;
  }

  /** Reads a varint; beyond 53 bits only approximately. */
  readVarint(): number {
    let value = 0;
    let factor = 1;
    for (let count = 0; count < 10 && this.#at < this.#end; count++) {
      const byte = this.#bytes[this.#at++] ?? 0;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
    throw new RangeError('A number is cut off or too long.');
  }

  /** Reads a message, or numbers, with a length before them. */
  within<T>(readContent: () => T): T {
    const outerEnd = this.#end;
    const start = this.#skip(this.readVarint());
    this.#end = this.#at;
    this.#at = start;
    const content = readContent();
    this.#end = outerEnd;
    return content;
  }

  skipField(wireType: number): void {
    if (wireType === WIRE_TYPE.varint) this.readVarint();
    else if (wireType === WIRE_TYPE.fixed64) this.#skip(8);
    else if (wireType === WIRE_TYPE.fixed32) this.#skip(4);
    else if (wireType === WIRE_TYPE.delimited) this.#skip(this.readVarint());
    else throw new RangeError('A field has an unsupported type.');
  }

  readScalar(type: FieldType): Scalar {
    switch (type) {
      case 'string': {
        const start = this.#skip(this.readVarint());
        return readString(this.#bytes, start, this.#at);
      }
      case 'hex': {
        const start = this.#skip(this.readVarint());
        return toHex(this.#bytes, start, this.#at);
      }
      case 'bytes': {
        const start = this.#skip(this.readVarint());
        // A copy: a view would keep the whole request in memory.
        return this.#bytes.slice(start, this.#at);
      }
      case 'bool':
        return this.readVarint() !== 0;
      case 'int32':
        return this.#readUint32() | 0;
      case 'uint32':
        return this.#readUint32();
      case 'sint32': {
        const zigzag = this.#readUint32();
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
      case 'int64':
        return BigInt.asIntN(64, this.#readBigVarint());
      case 'uint64':
        return this.#readBigVarint();
      case 'fixed32':
        return this.#view.getUint32(this.#skip(4), true);
      case 'fixed64':
        return this.#view.getBigUint64(this.#skip(8), true);
      case 'sfixed64':
        return this.#view.getBigInt64(this.#skip(8), true);
      case 'double':
        return this.#view.getFloat64(this.#skip(8), true);
    }
  }

  #readBigVarint(): bigint {
    const start = this.#at;
    const value = this.readVarint();
    if (value <= Number.MAX_SAFE_INTEGER) return BigInt(value);
    let exact = 0n;
    for (let index = this.#at - 1; index >= start; index--) {
      exact = (exact << 7n) | BigInt((this.#bytes[index] ?? 0) & 127);
    }
    return BigInt.asUintN(64, exact);
  }

  /** Reads a varint, truncated to 32 bits like in other decoders. */
  #readUint32(): number {
    const start = this.#at;
    const value = this.readVarint();
    if (value <= Number.MAX_SAFE_INTEGER) return value >>> 0;
    this.#at = start;
    return Number(BigInt.asUintN(32, this.#readBigVarint()));
  }

  /** Moves by a number of bytes. @returns the previous position */
  #skip(length: number): number {
    if (length > this.#end - this.#at) throw new RangeError('A field is cut off.');
    const start = this.#at;
    this.#at += length;
    return start;
  }
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function toHex(bytes: Uint8Array, start: number, end: number): string {
  let digits = '';
  for (let index = start; index < end; index++) digits += HEX[bytes[index] ?? 0];
  return digits;
}
