import protobuf from 'protobufjs/minimal.js';
import { describe, expect, test } from 'vitest';
import { parseRetryInfo } from '../../exporters/otlp/retry-after.ts';

const TYPE = 'type.googleapis.com/google.rpc.RetryInfo';
type Write = (writer: protobuf.Writer) => protobuf.Writer;

function message(write: Write): Uint8Array {
  return write(protobuf.Writer.create()).finish();
}

/** Encodes a google.rpc.Status with one detail. */
function status(write: Write, type = TYPE): Uint8Array {
  const any = message((writer) => writer.uint32(10).string(type).uint32(18).bytes(message(write)));
  return message((writer) => writer.uint32(8).int32(14).uint32(26).bytes(any));
}

/** Encodes a google.rpc.RetryInfo with a google.protobuf.Duration. */
function delay(write: Write): Uint8Array {
  return status((writer) => writer.uint32(10).bytes(message(write)));
}

function duration(seconds: number, nanos = 0): Uint8Array {
  return delay((writer) => writer.uint32(8).int64(seconds).uint32(16).int32(nanos));
}

describe('parseRetryInfo()', () => {
  test.each<[name: string, details: Uint8Array, expected: number | undefined]>([
    ['seconds and nanoseconds', duration(2, 500_000_000), 2_500],
    ['the longest duration', duration(315_576_000_000), 315_576_000_000_000],
    ['0 for no time', duration(0), 0],
    ['0 for a negative delay', duration(-5), 0],
    ['0 for a delay with more negative nanoseconds than seconds', duration(0, -1), 0],
    ['0 for a delay longer than any duration', duration(2 ** 62), 0],
    ['0 for more nanoseconds than a second has', duration(1, 2_000_000_000), 0],
    ['0 for a RetryInfo without a delay', status((writer) => writer), 0],
    ['0 for a delay that is a number', status((writer) => writer.uint32(8).int32(5)), 0],
    ['0 for a delay with other bytes', delay((writer) => writer.uint32(7).int32(5)), 0],
    ['0 for seconds that are a string', delay((writer) => writer.uint32(10).string('soon')), 0],
    ['0 for seconds that are a double', delay((writer) => writer.uint32(9).double(5)), 0],
    ['0 for nanoseconds that are fixed', delay((writer) => writer.uint32(21).fixed32(5)), 0],
    ['0 for a delay that is cut off', delay((writer) => writer.uint32(8)), 0],
    ['undefined for another detail', status((writer) => writer, 'a/google.rpc.Help'), undefined],
    ['undefined for no detail', new Uint8Array([8, 14]), undefined],
    ['undefined for details that are numbers', new Uint8Array([24, 14]), undefined],
    ['undefined for bytes that are not protobuf', new Uint8Array([255, 255, 3]), undefined],
    ['undefined for a length beyond the end', new Uint8Array([26, 255, 255, 255, 7]), undefined],
  ])('parseRetryInfo() returns %s', (_, details, expected) => {
    expect(parseRetryInfo(details)).toBe(expected);
  });
});
