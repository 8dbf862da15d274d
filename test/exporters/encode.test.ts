import { Buffer } from 'node:buffer';
import { ValueType } from '@opentelemetry/api';
import {
  ProtobufLogsSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from '@opentelemetry/otlp-transformer';
import { AggregationType, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Signal } from '../../exporters/exporter.ts';
import {
  createLogBatch,
  createSpanBatch,
  type RecordBatch,
} from '../../exporters/otlp/encode/record-batch.ts';
import { toJson } from '../../exporters/otlp/encode/to-json.ts';
import { encodeMetrics } from '../../exporters/otlp/encode/write-metrics.ts';
import { anyLogRecords, anySpans } from '../support/arbitrary-records.ts';
import { anyNumber } from '../support/arbitrary-values.ts';
import { decodeExportRequest } from '../support/otlp-definitions.ts';
import { decodeJsonExportRequest } from '../support/otlp-json.ts';
import { recordMetrics } from '../support/sdk-records.ts';

interface Case<T> {
  readonly signal: Signal;
  readonly records: fc.Arbitrary<T[]>;
  readonly batch: RecordBatch<T>;
  serialize(records: T[]): Uint8Array | undefined;
}

function describeCase<T>({ signal, records, batch, serialize }: Case<T>) {
  function encode(list: readonly T[]): Uint8Array {
    for (const record of list) expect(batch.push(record)).toBeGreaterThan(0);
    return batch.finish();
  }

  describe(`encoding of ${signal}`, () => {
    test(`${signal} are encoded to the bytes of the official serializer`, () => {
      fc.assert(
        fc.property(records, (list) => {
          expectSameBytes(encode(list), serialize(list));
        }),
        { numRuns: 200 },
      );
    });

    test(`encoded ${signal} have only fields of the official definitions`, () => {
      fc.assert(
        fc.property(records, (list) => {
          expect(decodeExportRequest(signal, encode(list)).unknownFields).toEqual([]);
        }),
        { numRuns: 50 },
      );
    });

    test(`encoded ${signal} have equal values in JSON`, () => {
      fc.assert(
        fc.property(records, (list) => expectSameAsJson(signal, encode(list))),
        { numRuns: 100 },
      );
    });
  });
}

function expectSameAsJson(signal: Signal, request: Uint8Array) {
  const { message, unknownFields } = decodeJsonExportRequest(signal, toJson(signal, request));
  expect(unknownFields).toEqual([]);
  expect(message).toEqual(decodeExportRequest(signal, Buffer.from(request)).message);
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

/** Records numbers with every kind of instrument. */
async function collectMetrics(numbers: readonly number[]): Promise<ResourceMetrics> {
  const { meter, collect } = recordMetrics([
    { instrumentName: 'exponential', aggregation: { type: AggregationType.EXPONENTIAL_HISTOGRAM } },
  ]);
  const instruments = [
    meter.createCounter('sum', { unit: 'By', description: 'a sum' }),
    meter.createUpDownCounter('up-down', { valueType: ValueType.INT }),
    meter.createHistogram('histogram'),
    meter.createHistogram('exponential'),
  ];
  const gauge = meter.createGauge('gauge');
  for (const [index, number] of numbers.entries()) {
    const attributes = index % 2 ? {} : { index, list: [number] };
    for (const instrument of instruments) {
      'add' in instrument
        ? instrument.add(number, attributes)
        : instrument.record(number, attributes);
    }
    gauge.record(number, attributes);
  }
  return collect();
}

describe('encoding of metrics', () => {
  test('metrics are encoded to the bytes of the official serializer', async () => {
    // The official encoder truncates integers beyond 64 bits.
    const numbers = fc.array(fc.oneof(fc.integer(), fc.double({ min: -1e15, max: 1e15 })), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(numbers, async (list) => {
        const metrics = await collectMetrics(list);
        const { bytes, unencodable } = encodeMetrics(metrics);
        expectSameBytes(bytes, ProtobufMetricsSerializer.serializeRequest(metrics));
        expect(unencodable).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  test('encoded metrics match the official definitions and have equal values in JSON', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyNumber, { maxLength: 8 }), async (list) => {
        const { bytes } = encodeMetrics(await collectMetrics(list));
        expect(decodeExportRequest('metrics', bytes).unknownFields).toEqual([]);
        expectSameAsJson('metrics', bytes);
      }),
      { numRuns: 100 },
    );
  });
});

/** Fails with a short message, without a difference of a megabyte. */
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
