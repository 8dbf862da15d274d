/** Wire types of protobuf. Groups, which are deprecated, are not supported. */
export const WIRE_TYPE = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 } as const;

/** One field of a protobuf message. */
export interface ProtobufField {
  readonly number: number;
  readonly wireType: number;
  /** The encoded value, without the length of a delimited one. */
  readonly bytes: Uint8Array;
}

/**
 * Reads the fields of a message in their order.
 *
 * @throws RangeError if the message is cut off or has a group
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export function* readFields(message: Uint8Array): Generator<ProtobufField> {
  let at = 0;

  /** Returns a tag or a length. */
  function readNumber(): number {
    const start = at;
    skipVarint();
    let value = 0;
    for (let index = at - 1; index >= start; index--) {
      value = value * 128 + ((message[index] ?? 0) & 127);
    }
    return value;
  }
  function skipVarint(): void {
    const end = at + 10;
    while (at < end) {
      const byte = message[at++];
      if (byte === undefined) break;
      if (byte < 128) return;
    }
    throw new RangeError('A number is cut off or too long.');
  }
  function read(wireType: number): Uint8Array {
    const length = wireType === WIRE_TYPE.delimited ? readNumber() : (FIXED_LENGTHS[wireType] ?? 0);
    const start = at;
    if (wireType === WIRE_TYPE.varint) skipVarint();
    else if (wireType === WIRE_TYPE.delimited || length > 0) at += length;
    else throw new RangeError('A field has an unsupported type.');
    if (at > message.length) throw new RangeError('A field is cut off.');
    return message.subarray(start, at);
  }

  while (at < message.length) {
    const tag = readNumber();
    const wireType = tag % 8;
    yield { number: Math.floor(tag / 8), wireType, bytes: read(wireType) };
  }
}

const FIXED_LENGTHS: Readonly<Record<number, number>> = {
  [WIRE_TYPE.fixed64]: 8,
  [WIRE_TYPE.fixed32]: 4,
};

/**
 * Returns the last submessage, string or byte array with a field number, as decoders do; undefined if
 * there is none.
 *
 * @throws RangeError if the field has another wire type
 */
export function readBytes(message: Uint8Array, number: number): Uint8Array | undefined {
  let found: Uint8Array | undefined;
  for (const field of readFields(message)) {
    if (field.number === number) found = expectType(field, WIRE_TYPE.delimited);
  }
  return found;
}

/** Returns the last `int64` with a field number; 0 if there is none. @throws RangeError as `readBytes()` */
export function readInt64(message: Uint8Array, number: number): bigint {
  let found = 0n;
  for (const field of readFields(message)) {
    if (field.number === number) found = toInt64(expectType(field, WIRE_TYPE.varint));
  }
  return found;
}

/** Returns the bytes of a field. @throws RangeError if it has another wire type */
export function expectType({ number, wireType, bytes }: ProtobufField, wanted: number): Uint8Array {
  if (wireType !== wanted) throw new RangeError(`Field ${number} has the wire type ${wireType}.`);
  return bytes;
}

/** Returns the value of a varint as a signed integer. */
export function toInt64(varint: Uint8Array): bigint {
  let value = 0n;
  for (let index = varint.length - 1; index >= 0; index--) {
    value = (value << 7n) | BigInt((varint[index] ?? 0) & 127);
  }
  return BigInt.asIntN(64, value);
}
