/**
 * Milliseconds after which a gRPC server wants to be asked again; undefined where it does not say.
 * @param details the `google.rpc.Status` of `grpc-status-details-bin`
 * @see https://opentelemetry.io/docs/specs/otlp/#otlpgrpc-throttling
 */
export function parseRetryInfo(details: Uint8Array): number | undefined {
  try {
    for (const any of fields(details, 3)) {
      const [type] = fields(any as Uint8Array, 1);
      if (!new TextDecoder().decode(type as Uint8Array).endsWith('/google.rpc.RetryInfo')) continue;
      const [info = EMPTY] = fields(any as Uint8Array, 2);
      const [delay = EMPTY] = fields(info as Uint8Array, 1);
      const [seconds = 0] = fields(delay as Uint8Array, 1);
      const [nanos = 0] = fields(delay as Uint8Array, 2);
      return Number(seconds) * 1_000 + Number(nanos) / 1e6;
    }
  } catch {
    // Bytes that are no such message ask for nothing.
  }
  return undefined;
}

const EMPTY = new Uint8Array();

/** The values that a protobuf message has for a field: bytes, or numbers. Throws on other types. */
function* fields(message: Uint8Array, wanted: number): Generator<Uint8Array | number> {
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
