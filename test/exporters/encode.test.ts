import { Buffer } from 'node:buffer';
import { ProtobufLogsSerializer, ProtobufTraceSerializer } from '@opentelemetry/otlp-transformer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createLogBatch,
  createSpanBatch,
  type RecordBatch,
} from '../../exporters/otlp/encode/record-batch.ts';
import { anyLogRecords, anySpans } from '../support/arbitrary-records.ts';
import { decodeExportRequest } from '../support/otlp-definitions.ts';

interface Case<T> {
  readonly signal: 'traces' | 'logs';
  readonly records: fc.Arbitrary<T[]>;
  readonly batch: RecordBatch<T>;
  serialize(records: T[]): Uint8Array | undefined;
}

function describeCase<T>({ signal, records, batch, serialize }: Case<T>) {
  function encode(list: readonly T[]): Uint8Array {
    for (const record of list) expect(batch.push(record)).toBeGreaterThan(0);
    return batch.finish();
  }

  describe(`an export request of ${signal}, encoded record by record`, () => {
    test('has the bytes of the official serializer', () => {
      fc.assert(
        fc.property(records, (list) => {
          expectSameBytes(encode(list), serialize(list));
        }),
        { numRuns: 200 },
      );
    });

    test('is read by the official definitions, with no field that they do not know', () => {
      fc.assert(
        fc.property(records, (list) => {
          expect(decodeExportRequest(signal, encode(list)).unknownFields).toEqual([]);
        }),
        { numRuns: 50 },
      );
    });
  });
}

describeCase({
  signal: 'traces',
  records: anySpans,
  batch: createSpanBatch(),
  serialize: ProtobufTraceSerializer.serializeRequest,
});
describeCase({
  signal: 'logs',
  records: anyLogRecords,
  batch: createLogBatch(),
  serialize: ProtobufLogsSerializer.serializeRequest,
});

/** Without a difference of a megabyte in the failure's message. */
function expectSameBytes(actual: Uint8Array, expected: Uint8Array | undefined) {
  const bytes = Buffer.from(expected ?? []);
  if (bytes.equals(actual)) return;
  const at = bytes.findIndex((byte, index) => byte !== actual[index]);
  expect({ length: actual.length, at, bytes: [...actual.subarray(at, at + 40)] }).toEqual({
    length: bytes.length,
    at,
    bytes: [...bytes.subarray(at, at + 40)],
  });
}
