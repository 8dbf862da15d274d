import type { LogAttributes } from '@opentelemetry/api-logs';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLogBatch, createSpanBatch } from '../../exporters/otlp/encode/record-batch.ts';
import { flattenExportRequest } from '../support/flatten-export-request.ts';
import { decodeExportRequest } from '../support/otlp-definitions.ts';
import { recordLogs, recordSpans } from '../support/sdk-records.ts';

const context = { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), traceFlags: 1 };

/** Returns a log record with these attributes and body as a collector decodes it. */
function arrived(attributes: object, body: unknown = 'milk') {
  const records = recordLogs((logger) => logger.emit({ body: 'milk' }));
  const batch = createLogBatch();
  for (const record of records) {
    const bad = { ...plain(record), attributes: attributes as LogAttributes, body };
    expect(batch.push(bad as ReadableLogRecord)).toBeGreaterThan(0);
  }
  const { message, unknownFields } = decodeExportRequest('logs', batch.finish());
  expect(unknownFields).toEqual([]);
  const [log] = flattenExportRequest('logs', message).logs;
  if (!log) throw new Error('No log record arrived.');
  return log;
}

/** Copies the getters of the SDK's record to properties. */
function plain(record: ReadableLogRecord): ReadableLogRecord {
  const { hrTime, hrTimeObserved, resource, instrumentationScope } = record;
  const { attributes, droppedAttributesCount } = record;
  return {
    ...{ hrTime, hrTimeObserved, resource, instrumentationScope },
    ...{ attributes, droppedAttributesCount },
  };
}

const throwing = {
  get secret() {
    throw new Error('must not be seen');
  },
};

describe('bad input', () => {
  test('the encoder replaces circular references by a marker and keeps the rest', () => {
    const parent: Record<string, unknown> = { name: 'parent' };
    parent.children = [{ name: 'child', parent }, parent];
    const list: unknown[] = [1];
    list.push(list, list);
    const { attributes, body } = arrived({ parent, list, after: 1 }, parent);
    expect(attributes).toEqual({
      parent: { name: 'parent', children: [{ name: 'child', parent: '[circular]' }, '[circular]'] },
      list: [1, '[circular]', '[circular]'],
      after: 1,
    });
    expect(body).toEqual(attributes.parent);
  });

  test('the encoder repeats an object that two siblings share', () => {
    const shared = { a: 1 };
    expect(arrived({ list: [shared, shared] }).attributes).toEqual({ list: [{ a: 1 }, { a: 1 }] });
  });

  test('the encoder replaces values nested deeper than decoders accept by a marker', () => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 100_000; level++) deep = level % 2 ? [deep] : { deep };
    const { attributes } = arrived({ deep, after: 1 });
    const [inner] = attributes.deep as [object];
    const [left, right] = ['{"deep":['.repeat(14), ']}'.repeat(14)];
    expect(JSON.stringify(inner)).toBe(`${left}{"deep":"[too deep]"}${right}`);
    expect(attributes.after).toBe(1);
  });

  test('the encoder replaces values that throw by a marker without the error', () => {
    const handler = {
      ownKeys() {
        throw new Error('must not be seen');
      },
    };
    const items = Object.defineProperty([1, 2], 1, { get: () => throwing.secret });
    const bytes = new Proxy(new Uint8Array(3), {});
    const attributes = { inner: throwing, proxy: new Proxy({}, handler), items, bytes, after: 1 };
    Object.defineProperty(attributes, 'own', { get: () => throwing.secret, enumerable: true });
    expect(arrived(attributes, throwing)).toMatchObject({
      attributes: {
        inner: { secret: '[unreadable]' },
        proxy: '[unreadable]',
        items: [1, '[unreadable]'],
        bytes: '[unreadable]',
        own: '[unreadable]',
        after: 1,
      },
      body: { secret: '[unreadable]' },
    });
  });

  test('the encoder leaves values without an OTLP type empty', () => {
    const none = { symbol: Symbol('s'), function: () => 1, bigint: 1n, [Symbol('key')]: 1 };
    expect(arrived(none).attributes).toEqual({ symbol: null, function: null, bigint: null });
  });

  test('the encoder replaces a name that is not a string by an empty one', () => {
    const [record] = recordLogs((logger) => logger.emit({ body: 'milk' }));
    const { resource, instrumentationScope } = record as ReadableLogRecord;
    const span = { name: 5, attributes: { after: 1 }, events: [], links: [], status: { code: 0 } };
    const time = [1, 0];
    const origin = { resource, instrumentationScope, startTime: time, endTime: time };
    const batch = createSpanBatch();
    batch.push({ ...span, ...origin, kind: 0, spanContext: () => context } as never);
    const { message } = decodeExportRequest('traces', batch.finish());
    expect(flattenExportRequest('traces', message).spans).toMatchObject([
      { name: '', attributes: { after: 1 } },
    ]);
  });

  test('the encoder omits IDs of a wrong length from a link', () => {
    const links = recordSpans((tracer) => {
      const invalid = { traceId: 'ab', spanId: `${context.spanId}00`, traceFlags: 1 };
      tracer.startSpan('odd', { links: [{ context: invalid }, { context }] }).end();
    });
    const batch = createSpanBatch();
    for (const span of links) batch.push(span);
    const { message } = decodeExportRequest('traces', batch.finish());
    expect(flattenExportRequest('traces', message).spans[0]?.links).toMatchObject([
      { traceId: '', spanId: '' },
      { traceId: context.traceId, spanId: context.spanId },
    ]);
  });

  test.each([
    { traceId: '', spanId: context.spanId },
    { traceId: context.traceId, spanId: 'cd' },
  ])('the encoder refuses a span with the IDs "$traceId" and "$spanId"', (ids) => {
    const [span] = recordSpans((tracer) => tracer.startSpan('odd').end());
    const batch = createSpanBatch();
    const odd = Object.assign(Object.create(span as ReadableSpan), { spanContext: () => ids });
    expect(batch.push(odd)).toBe(0);
    expect(batch.push(span as ReadableSpan)).toBe(1);
  });

  test('the encoder omits inherited properties', () => {
    const inherits = Object.assign(Object.create({ inherited: 1 }), { own: 1 });
    expect(arrived({ inherits }).attributes).toEqual({ inherits: { own: 1 } });
    expect(arrived(inherits).attributes).toEqual({ own: 1 });
  });

  test('the encoder does not call toJSON() or toString()', () => {
    const date = new Date(0);
    const foreign = { toJSON: () => 'no', toString: () => 'no' };
    expect(arrived({ date, map: new Map([[1, 2]]), foreign }).attributes).toEqual({
      date: {},
      map: {},
      foreign: { toJSON: null, toString: null },
    });
  });

  test('the encoder refuses a record that is created while another is read', () => {
    const batch = createLogBatch();
    const [record] = recordLogs((logger) => logger.emit({ body: 'milk' }));
    const inner = record as ReadableLogRecord;
    const pushed: number[] = [];
    const body = {
      get state() {
        pushed.push(batch.push(inner));
        return 'read';
      },
    };
    expect(batch.push({ ...plain(inner), body } as ReadableLogRecord)).toBe(1);
    expect(pushed).toEqual([0]);
    const { message, unknownFields } = decodeExportRequest('logs', batch.finish());
    expect(unknownFields).toEqual([]);
    expect(flattenExportRequest('logs', message).logs).toMatchObject([{ body: { state: 'read' } }]);
  });

  test('the encoder refuses a record that expands beyond the limit, without expanding it', () => {
    let bomb: unknown = 'x'.repeat(100);
    for (let level = 0; level < 29; level++) bomb = Array(10).fill(bomb);
    const batch = createLogBatch(1e6);
    const [record] = recordLogs((logger) => logger.emit({ body: bomb as LogAttributes }));
    expect(batch.push(record as ReadableLogRecord)).toBe(0);
    expect(batch).toMatchObject({ length: 0, byteLength: 0 });
  });

  test('the encoder never throws and always produces a decodable request', () => {
    const anything = fc.anything({ withBigInt: true, withDate: true, withSparseArray: true });
    const [record] = recordLogs((logger) => logger.emit({ body: 'milk' }));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...fields), anything)), (properties) => {
        const origin = record as ReadableLogRecord;
        const { resource, instrumentationScope } = origin;
        const bad = { ...Object.fromEntries(properties), resource, instrumentationScope };
        const spans = createSpanBatch();
        const logs = createLogBatch();
        for (const each of [bad, { ...plain(origin), ...bad }]) {
          spans.push({ spanContext: () => context, ...each } as never);
          logs.push(each as never);
        }
        expect(decodeExportRequest('traces', spans.finish()).unknownFields).toEqual([]);
        expect(decodeExportRequest('logs', logs.finish()).unknownFields).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});

const fields = [
  ...['name', 'kind', 'startTime', 'endTime', 'attributes', 'events', 'links', 'status'],
  ...['parentSpanContext', 'droppedAttributesCount', 'droppedEventsCount', 'droppedLinksCount'],
  ...['hrTime', 'hrTimeObserved', 'severityNumber', 'severityText', 'body', 'eventName'],
  ...['spanContext'],
];
