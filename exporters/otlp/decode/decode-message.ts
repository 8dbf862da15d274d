import { Buffer } from 'node:buffer';
import { WIRE_TYPE } from '../protobuf-reader.ts';
import { readString } from './read-string.ts';

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
 * Reads a protobuf message. Unknown fields are skipped, as later versions of OTLP may have more.
 *
 * @param maxMessages number of messages within it
 * @throws RangeError if it is cut off, nested too deeply, has too many messages or a field of another type
 */
export function decodeMessage(bytes: Uint8Array, type: MessageType, maxMessages: number): Message {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let end = buffer.length;
  let messagesLeft = maxMessages;

  /** Reads a varint; beyond 53 bits only approximately. */
  function readVarint(): number {
    let value = 0;
    let factor = 1;
    for (let count = 0; count < 10 && at < end; count++) {
      const byte = buffer[at++] as number;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
    throw new RangeError('A number is cut off or too long.');
  }

  function readBigVarint(): bigint {
    const start = at;
    const value = readVarint();
    if (value <= Number.MAX_SAFE_INTEGER) return BigInt(value);
    let exact = 0n;
    for (let index = at - 1; index >= start; index--) {
      exact = (exact << 7n) | BigInt((buffer[index] as number) & 127);
    }
    return BigInt.asUintN(64, exact);
  }

  /** Reads a varint, truncated to 32 bits like in other decoders. */
  function readUint32(): number {
    const start = at;
    const value = readVarint();
    if (value <= Number.MAX_SAFE_INTEGER) return value >>> 0;
    at = start;
    return Number(BigInt.asUintN(32, readBigVarint()));
  }

  /** Moves by a number of bytes. @returns where it was */
  function skip(length: number): number {
    if (length > end - at) throw new RangeError('A field is cut off.');
    const start = at;
    at += length;
    return start;
  }

  function skipField(wireType: number): void {
    if (wireType === WIRE_TYPE.varint) readVarint();
    else if (wireType === WIRE_TYPE.fixed64) skip(8);
    else if (wireType === WIRE_TYPE.fixed32) skip(4);
    else if (wireType === WIRE_TYPE.delimited) skip(readVarint());
    else throw new RangeError('A field has an unsupported type.');
  }

  function readScalar(type: FieldType): unknown {
    switch (type) {
      case 'string': {
        const start = skip(readVarint());
        return readString(buffer, start, at);
      }
      case 'hex': {
        const start = skip(readVarint());
        return buffer.toString('hex', start, at);
      }
      case 'bytes': {
        const start = skip(readVarint());
        // A copy: a view would keep the whole request in memory.
        return new Uint8Array(buffer.subarray(start, at));
      }
      case 'bool':
        return readVarint() !== 0;
      case 'int32':
        return readUint32() | 0;
      case 'uint32':
        return readUint32();
      case 'sint32': {
        const zigzag = readUint32();
        return (zigzag >>> 1) ^ -(zigzag & 1);
      }
      case 'int64':
        return BigInt.asIntN(64, readBigVarint());
      case 'uint64':
        return readBigVarint();
      case 'fixed32':
        return buffer.readUInt32LE(skip(4));
      case 'fixed64':
        return buffer.readBigUInt64LE(skip(8));
      case 'sfixed64':
        return buffer.readBigInt64LE(skip(8));
      case 'double':
        return buffer.readDoubleLE(skip(8));
    }
  }

  /** Reads what has a length before it. */
  function within<T>(readContent: () => T): T {
    const outerEnd = end;
    const start = skip(readVarint());
    end = at;
    at = start;
    const content = readContent();
    end = outerEnd;
    return content;
  }

  function read(messageType: MessageType, depth: number): Message {
    if (depth > MAX_DEPTH) throw new RangeError('A message is nested too deeply.');
    if (messagesLeft-- === 0) throw new RangeError('There are too many messages.');
    const message: Message = {};
    while (at < end) {
      const tag = readVarint();
      const wireType = tag % 8;
      const field = messageType[(tag - wireType) / 8];
      if (field === undefined) {
        skipField(wireType);
        continue;
      }
      const { name, type, isRepeated } = field;
      const isScalar = typeof type === 'string';
      const isDelimited = wireType === WIRE_TYPE.delimited;
      // Numbers of a repeated field are packed, or stand alone.
      const isPacked = isScalar && isRepeated && isDelimited && WIRE_TYPES[type] !== wireType;
      if (!isPacked && wireType !== (isScalar ? WIRE_TYPES[type] : WIRE_TYPE.delimited)) {
        throw new RangeError(`The field ${name} has a wrong type.`);
      }
      if (isPacked) {
        const list = listOf(message, name);
        within(() => {
          while (at < end) list.push(readScalar(type as FieldType));
        });
      } else {
        const value = isScalar ? readScalar(type) : within(() => read(type(), depth + 1));
        if (isRepeated) listOf(message, name).push(value);
        else message[name] = value;
      }
    }
    return message;
  }

  return read(type, 0);
}

function listOf(message: Message, name: string): unknown[] {
  const list = message[name];
  if (Array.isArray(list)) return list;
  const created: unknown[] = [];
  message[name] = created;
  return created;
}
