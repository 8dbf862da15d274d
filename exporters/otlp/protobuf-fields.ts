/** The values that a protobuf message has for a field: bytes, or numbers. Throws on other types. */
export function* fieldsOf(message: Uint8Array, wanted: number): Generator<Uint8Array | number> {
  let at = 0;
  function varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = message[at++];
      if (byte === undefined) throw new RangeError('The message ends in a number.');
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }
  while (at < message.length) {
    const tag = varint();
    const number = varint();
    if ((tag & 7) !== 0 && (tag & 7) !== 2) throw new RangeError('The message has other types.');
    const isBytes = (tag & 7) === 2;
    if (tag >> 3 === wanted) yield isBytes ? message.subarray(at, at + number) : number;
    if (isBytes) at += number;
  }
}
