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

/** What arrives of a log record with such attributes and such a body, whatever their types say. */
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

/** The getters of the SDK's record as properties. */
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

describe('the encoder', () => {
  test('marks what contains itself, and sends the rest', () => {
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

  test('sends twice what stands twice beside each other', () => {
    const shared = { a: 1 };
    expect(arrived({ list: [shared, shared] }).attributes).toEqual({ list: [{ a: 1 }, { a: 1 }] });
  });

  test('marks what is deeper than decoders read', () => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 100_000; level++) deep = level % 2 ? [deep] : { deep };
    const { attributes } = arrived({ deep, after: 1 });
    const [inner] = attributes.deep as [object];
    const [left, right] = ['{"deep":['.repeat(14), ']}'.repeat(14)];
    expect(JSON.stringify(inner)).toBe(`${left}{"deep":"[too deep]"}${right}`);
    expect(attributes.after).toBe(1);
  });

  test('marks what throws when it is read, and says nothing of why', () => {
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

  test('leaves empty what OTLP has no type for', () => {
    const none = { symbol: Symbol('s'), function: () => 1, bigint: 1n, [Symbol('key')]: 1 };
    expect(arrived(none).attributes).toEqual({ symbol: null, function: null, bigint: null });
  });

  test('takes for empty a name that is no string', () => {
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

  test('sends a link whose ids have a wrong length without them', () => {
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
  ])('refuses a span with the ids $traceId and $spanId', (ids) => {
    const [span] = recordSpans((tracer) => tracer.startSpan('odd').end());
    const batch = createSpanBatch();
    const odd = Object.assign(Object.create(span as ReadableSpan), { spanContext: () => ids });
    expect(batch.push(odd)).toBe(0);
    expect(batch.push(span as ReadableSpan)).toBe(1);
  });

  test('leaves out what an object inherits', () => {
    const inherits = Object.assign(Object.create({ inherited: 1 }), { own: 1 });
    expect(arrived({ inherits }).attributes).toEqual({ inherits: { own: 1 } });
    expect(arrived(inherits).attributes).toEqual({ own: 1 });
  });

  test('does not ask an object how it wants to be shown', () => {
    const date = new Date(0);
    const foreign = { toJSON: () => 'no', toString: () => 'no' };
    expect(arrived({ date, map: new Map([[1, 2]]), foreign }).attributes).toEqual({
      date: {},
      map: {},
      foreign: { toJSON: null, toString: null },
    });
  });

  test('refuses a record that is made while another is read', () => {
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

  test('refuses a record that unfolds beyond its limit, soon', () => {
    let bomb: unknown = 'x'.repeat(100);
    for (let level = 0; level < 29; level++) bomb = Array(10).fill(bomb);
    const batch = createLogBatch(1e6);
    const [record] = recordLogs((logger) => logger.emit({ body: bomb as LogAttributes }));
    expect(batch.push(record as ReadableLogRecord)).toBe(0);
    expect(batch).toMatchObject({ length: 0, byteLength: 0 });
  });

  test('never throws, and gives what can be decoded, whatever records are made of', () => {
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
