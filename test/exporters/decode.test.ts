import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeLogRecords,
  decodeMetrics,
  decodeSpans,
  parseExportRequest,
} from '../../exporters/otlp/decode/index.ts';
import { encodeLogs, encodeSpans } from '../../exporters/otlp/encode/record-batch.ts';
import { toJson } from '../../exporters/otlp/encode/to-json.ts';
import { encodeMetrics } from '../../exporters/otlp/encode/write-metrics.ts';
import { recordLogs, recordMetrics, recordSpans } from '../support/sdk-records.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = '00f067aa0ba902b7';

function requestOf(span: object): unknown {
  return { resourceSpans: [{ scopeSpans: [{ spans: [{ traceId, spanId, ...span }] }] }] };
}

function decodeOne(span: object): ReadableSpan | undefined {
  return decodeSpans(requestOf(span)).records[0];
}

const spans = recordSpans((tracer) => {
  const span = tracer.startSpan('milk', {
    kind: 3,
    attributes: { text: 'ü', whole: -7, half: 0.5, list: ['a', 'b'], yes: true, big: 2 ** 60 },
    links: [{ context: { traceId, spanId, traceFlags: 1 }, attributes: { a: 1 } }],
  });
  span.addEvent('added', { count: 1 });
  span.recordException(new Error('sour'));
  span.setStatus({ code: 2, message: 'sour' });
  span.end();
});
const logs = recordLogs((logger) => {
  logger.emit({
    body: { deep: [1, 'two', new Uint8Array([0, 255])] },
    severityNumber: 17,
    severityText: 'ERROR',
    eventName: 'spilled',
    attributes: { a: 'b' },
  });
});

describe.each(['protobuf', 'json'] as const)('decoding of %s', (encoding) => {
  const convert = (signal: 'traces' | 'logs' | 'metrics', bytes: Uint8Array) =>
    parseExportRequest(signal, encoding === 'json' ? toJson(signal, bytes) : bytes, encoding);

  test(`spans decoded from ${encoding} are encoded to the same bytes`, () => {
    const { bytes } = encodeSpans(spans);
    const { records, rejected } = decodeSpans(convert('traces', bytes));
    expect(rejected).toBe(0);
    // An integer beyond 2^53 becomes a string, which keeps its digits.
    expect(records[0]?.attributes.big).toBe(String(2n ** 60n));
    Object.assign(records[0]?.attributes ?? {}, { big: 2 ** 60 });
    expect(encodeSpans(records).bytes).toEqual(bytes);
    expect(records[0]?.duration).toEqual(spans[0]?.duration);
  });

  test(`log records decoded from ${encoding} are encoded to the same bytes`, () => {
    const { bytes } = encodeLogs(logs);
    const { records } = decodeLogRecords(convert('logs', bytes));
    expect(encodeLogs(records).bytes).toEqual(bytes);
  });

  test(`metrics decoded from ${encoding} are encoded to the same bytes`, async () => {
    const { meter, collect } = recordMetrics([
      {
        instrumentName: 'exponential',
        aggregation: { type: 4 },
      },
    ]);
    meter.createCounter('counter', { unit: '{sip}', valueType: 0 }).add(3, { a: 'b' });
    meter.createGauge('gauge').record(0.5);
    meter.createHistogram('histogram').record(7);
    meter.createHistogram('exponential').record(7);
    const { bytes } = encodeMetrics(await collect());
    const { records, rejected } = decodeMetrics(convert('metrics', bytes));
    expect(rejected).toBe(0);
    expect(records).toHaveLength(1);
    for (const each of records) expect(encodeMetrics(each).bytes).toEqual(bytes);
  });

  test(`arbitrary bytes are decoded as ${encoding} or refused, in linear time`, () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(), (noise, at) => {
        const request =
          encoding === 'json'
            ? toJson('traces', encodeSpans(spans).bytes)
            : encodeSpans(spans).bytes;
        const broken = new Uint8Array(request);
        broken.set(noise.subarray(0, 5), at % (broken.length - 5));
        for (const body of [noise, broken]) {
          try {
            for (const span of decodeSpans(parseExportRequest('traces', body, encoding)).records) {
              expect(span.spanContext().traceId).toMatch(/^[\da-f]{32}$/);
            }
          } catch (error) {
            expect(error).toMatchObject({
              name: expect.stringMatching(/^(Range|Syntax|Type)Error$/),
            });
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

test('decoders accept JSON values of any type', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (value, other) => {
      for (const decode of [decodeSpans, decodeLogRecords, decodeMetrics]) {
        decode(value);
        for (const kind of ['Spans', 'Logs', 'Metrics']) {
          decode({ [`resource${kind}`]: [{ resource: value, [`scope${kind}`]: other }] });
          decode({
            [`resource${kind}`]: [{ [`scope${kind}`]: [{ scope: value, spans: [other] }] }],
          });
        }
      }
      for (const key of ['name', 'kind', 'startTimeUnixNano', 'attributes', 'events', 'status']) {
        decodeOne({ [key]: value, links: other, flags: value });
      }
    }),
  );
});

test.each([
  ['a short one', 'abc'],
  ['zeros', '0'.repeat(32)],
  ['letters', 'g'.repeat(32)],
  ['a number', 7],
])('decodeSpans() rejects a span whose trace ID is %s', (_, id) => {
  expect(decodeSpans(requestOf({ traceId: id }))).toMatchObject({ records: [], rejected: 1 });
});

test('decodeSpans() converts IDs to lower case', () => {
  expect(decodeOne({ traceId: traceId.toUpperCase() })?.spanContext().traceId).toBe(traceId);
});

test('decodeSpans() keeps at most 1000 attributes of a span and counts the others', () => {
  const attributes = Array.from({ length: 100_000 }, (_, index) => ({
    key: `k${index}`,
    value: { intValue: index },
  }));
  const span = decodeOne({ attributes });
  expect(Object.keys(span?.attributes ?? {})).toHaveLength(1_000);
  expect(span?.droppedAttributesCount).toBe(99_000);
});

test('decodeSpans() does not let an attribute change a prototype', () => {
  const value = { kvlistValue: { values: [{ key: 'polluted', value: { boolValue: true } }] } };
  const span = decodeOne({ attributes: [{ key: '__proto__', value }] });
  expect(span?.attributes).toEqual({});
  expect(Object.getPrototypeOf(span?.attributes)).toBe(Object.prototype);
});

test('decodeSpans() bounds the depth of values', () => {
  let value: object = { stringValue: 'end' };
  for (let depth = 0; depth < 10_000; depth++) value = { arrayValue: { values: [value] } };
  const text = JSON.stringify(decodeOne({ attributes: [{ key: 'deep', value }] })?.attributes);
  expect(text).toContain('[too deep]');
  expect(text.length).toBeLessThan(200);
});

test('parseExportRequest() refuses protobuf nested more than 100 levels', () => {
  // Tags from the inside out: an array and its element, again and again, then the body of a record.
  const tags = [...Array.from({ length: 60 }, () => [10, 42]).flat(), 42, 18, 18, 10];
  let message: number[] = [];
  for (const tag of tags) {
    const { length } = message;
    const prefix = length < 128 ? [length] : [(length & 127) | 128, length >> 7];
    message = [tag, ...prefix, ...message];
  }
  const body = Uint8Array.from(message);
  expect(() => parseExportRequest('logs', body, 'protobuf')).toThrow('nested too deeply');
});

test('parseExportRequest() refuses millions of empty messages', () => {
  const body = new Uint8Array(5_000_000).fill(0);
  for (let index = 0; index < body.length; index += 2) body[index] = 10;
  expect(() => parseExportRequest('traces', body, 'protobuf')).toThrow(RangeError);
  const json = new TextEncoder().encode(`{"a":[${'{},'.repeat(2_000_001)}1]}`);
  expect(() => parseExportRequest('traces', json, 'json')).toThrow(RangeError);
});

test.each(['99999999999999999999', '-1', 'soon', 1e300, null, {}])(
  'decodeSpans() replaces the time %j by 0',
  (startTimeUnixNano) => {
    expect(decodeOne({ startTimeUnixNano })?.startTime).toEqual([0, 0]);
  },
);

test('decodeSpans() sets the duration of a span that ends before it starts to 0', () => {
  const span = decodeOne({ startTimeUnixNano: '2000000000', endTimeUnixNano: '1000000001' });
  expect(span?.duration).toEqual([0, 0]);
});

test('decodeMetrics() rejects and counts summaries', () => {
  const metrics = [{ name: 'old', summary: { dataPoints: [{}, {}] } }];
  const request = { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] };
  expect(decodeMetrics(request)).toMatchObject({ rejected: 2 });
});

test('strings of equal bytes are decoded to equal strings, whatever came before', () => {
  // Short, long, not ASCII, not UTF-8, and some that share a length.
  const values = ['', 'milk', 'bread', 'Müll', 'M\u00fcl', '\u{1f95b}', 'x'.repeat(300), 'a\0b'];
  const attributes = Object.fromEntries(values.map((value, index) => [`${index}`, value]));
  const spans = recordSpans((tracer) => tracer.startSpan('milk', { attributes }).end());
  const { bytes } = encodeSpans(spans);
  for (let round = 0; round < 3; round++) {
    const { records } = decodeSpans(parseExportRequest('traces', bytes, 'protobuf'));
    expect(records[0]?.attributes).toEqual(attributes);
  }
});
