/**
 * Counts the spans of an OTLP request in protobuf, without reading them.
 *
 * ExportTraceServiceRequest.resource_spans (1), ResourceSpans.scope_spans (2), ScopeSpans.spans (2).
 */
export function countSpans(request: Uint8Array): number {
  let count = 0;
  for (const resourceSpans of messages(request, 1)) {
    for (const scopeSpans of messages(resourceSpans, 2)) {
      for (const _ of messages(scopeSpans, 2)) count += 1;
    }
  }
  return count;
}

/** Counts the spans of a JSON request, if they have no links. Parsing it would stall the load generator. */
export function countJsonSpans(request: Buffer): number {
  let count = 0;
  for (let at = request.indexOf('"spanId"'); at >= 0; at = request.indexOf('"spanId"', at + 8)) {
    count += 1;
  }
  return count;
}

/** Yields the embedded messages of a field. On these three levels every field is length-delimited. */
function* messages(bytes: Uint8Array, field: number): Generator<Uint8Array> {
  let position = 0;
  function varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[position++] ?? 0;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }
  while (position < bytes.length) {
    const key = varint();
    const length = varint();
    if (key >>> 3 === field) yield bytes.subarray(position, position + length);
    position += length;
  }
}
