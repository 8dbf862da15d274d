import { type Attributes, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { afterEach, describe, expect, test } from 'vitest';
import type {
  StoreLimits,
  TraceQuery,
  TraceStore,
} from '../../packages/opentelemetry-viewer/src/store/trace-store.ts';

interface SpanOptions {
  readonly trace?: number;
  readonly id?: number;
  readonly parent?: number;
  readonly isParentRemote?: boolean;
  readonly name?: string;
  readonly service?: string;
  /** Milliseconds after an arbitrary time. */
  readonly start?: number;
  readonly millis?: number;
  readonly attributes?: Attributes;
  readonly isError?: boolean;
}

const EPOCH_SECONDS = 1_795_000_000;

function traceIdOf(trace: number): string {
  return trace.toString(16).padStart(32, '0');
}

function spanIdOf(id: number): string {
  return id.toString(16).padStart(16, '0');
}

let nextId = 1;

function makeSpan({
  trace = 1,
  id = nextId++,
  parent,
  isParentRemote = false,
  name = 'GET /',
  service = 'todo',
  start = 0,
  millis = 1,
  attributes = {},
  isError = false,
}: SpanOptions = {}): ReadableSpan {
  const context = { traceId: traceIdOf(trace), spanId: spanIdOf(id), traceFlags: 1 };
  const parentSpanContext = parent && {
    ...context,
    spanId: spanIdOf(parent),
    isRemote: isParentRemote,
  };
  const at = (offset: number): [number, number] => [
    EPOCH_SECONDS + Math.floor(offset / 1_000),
    (offset % 1_000) * 1_000_000,
  ];
  return {
    name,
    kind: SpanKind.SERVER,
    spanContext: () => context,
    ...(parentSpanContext && { parentSpanContext }),
    startTime: at(start),
    endTime: at(start + millis),
    duration: [Math.floor(millis / 1_000), (millis % 1_000) * 1_000_000],
    ended: true,
    status: { code: isError ? SpanStatusCode.ERROR : SpanStatusCode.UNSET },
    attributes,
    events: [],
    links: [],
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    resource: resourceFromAttributes({ 'service.name': service }),
    instrumentationScope: { name: 'test' },
  };
}

function makeLog(body: string, trace?: number, severityNumber = 9): ReadableLogRecord {
  return {
    hrTime: [EPOCH_SECONDS, 0],
    hrTimeObserved: [EPOCH_SECONDS, 0],
    severityNumber,
    body,
    attributes: {},
    droppedAttributesCount: 0,
    resource: resourceFromAttributes({ 'service.name': 'todo' }),
    instrumentationScope: { name: 'test' },
    ...(trace && {
      spanContext: { traceId: traceIdOf(trace), spanId: spanIdOf(1), traceFlags: 1 },
    }),
  };
}

/** Tests the contract of every trace store. */
export function testTraceStore(
  name: string,
  open: (limits?: Partial<StoreLimits>) => TraceStore,
): void {
  let opened: TraceStore | undefined;
  function openWith(spans: readonly ReadableSpan[], limits?: Partial<StoreLimits>): TraceStore {
    opened = open(limits);
    opened.addSpans(spans);
    return opened;
  }
  afterEach(() => {
    opened?.close();
    opened = undefined;
  });

  function find(store: TraceStore, query: TraceQuery): string[] {
    return store.findTraces(query).traces.map(({ match }) => match.name);
  }

  describe(`the ${name} store`, () => {
    test('returns a trace with its spans and log records in time order', () => {
      const store = openWith([makeSpan({ start: 5, name: 'b' }), makeSpan({ name: 'a' })]);
      store.addLogs([makeLog('milk', 1), makeLog('bread', 2)]);
      const trace = store.getTrace(traceIdOf(1));
      expect(trace?.spans.map((span) => span.name)).toEqual(['a', 'b']);
      expect(trace?.logs.map(({ body }) => body)).toEqual(['milk']);
      expect(store.getTrace(traceIdOf(2))).toBeUndefined();
    });

    test('summarizes a trace over its services', () => {
      const store = openWith([
        makeSpan({ id: 1, service: 'todo-web', name: 'click', millis: 20 }),
        makeSpan({ id: 2, parent: 1, start: 2, millis: 10, isError: true }),
        makeSpan({ parent: 2, attributes: { 'db.system.name': 'sqlite' }, start: 3 }),
      ]);
      const [summary] = store.findTraces({ service: 'todo' }).traces;
      expect(summary).toMatchObject({
        start: EPOCH_SECONDS * 1_000,
        durationMillis: 20,
        spanCount: 3,
        errorCount: 1,
        statementCount: 1,
        services: [
          { name: 'todo', spanCount: 2, errorCount: 1 },
          { name: 'todo-web', spanCount: 1, errorCount: 0 },
        ],
      });
      expect(summary?.root.name).toBe('click');
      expect(summary?.match.name).toBe('GET /');
      expect(store.findTraces({}).traces[0]?.match.name).toBe('click');
    });

    test('counts spans whose parent is missing', () => {
      const store = openWith([makeSpan({ id: 1, parent: 900 }), makeSpan({ parent: 1 })]);
      expect(store.findTraces({}).traces[0]?.orphanCount).toBe(1);
      store.addSpans([makeSpan({ id: 900 })]);
      expect(store.findTraces({}).traces[0]?.orphanCount).toBe(0);
    });

    test('finds traces by the attributes, name, service and text of any span', () => {
      const store = openWith([
        makeSpan({ trace: 1, name: 'one', attributes: { 'url.path': '/add', list: ['a', 'b'] } }),
        makeSpan({ trace: 2, name: 'two', service: 'shop', attributes: { status: 404 } }),
      ]);
      expect(find(store, { tags: [{ key: 'url.path', value: '/add' }] })).toEqual(['one']);
      expect(find(store, { tags: [{ key: 'list', value: '["a","b"]' }] })).toEqual(['one']);
      expect(find(store, { tags: [{ key: 'status', value: '404' }] })).toEqual(['two']);
      expect(find(store, { tags: [{ key: 'service.name', value: 'shop' }] })).toEqual(['two']);
      expect(find(store, { service: 'shop' })).toEqual(['two']);
      expect(find(store, { operation: 'one' })).toEqual(['one']);
      expect(find(store, { text: '/ADD' })).toEqual(['one']);
      expect(find(store, { text: '/.*' })).toEqual([]);
      expect(find(store, { service: 'shop', text: '/add' })).toEqual([]);
    });

    test('combines tags that are on different spans of a trace', () => {
      const store = openWith([
        makeSpan({ id: 1, name: 'a', attributes: { a: '1' } }),
        makeSpan({ parent: 1, name: 'b', attributes: { b: '2' }, millis: 2 }),
      ]);
      const tags = [
        { key: 'a', value: '1' },
        { key: 'b', value: '2' },
      ];
      expect(find(store, { tags })).toEqual(['b']);
      expect(find(store, { tags: [...tags, { key: 'c', value: '3' }] })).toEqual([]);
    });

    test('combines an operation with a tag and a text of other spans', () => {
      const store = openWith([
        makeSpan({ id: 1, name: 'GET /', millis: 90, attributes: { 'url.path': '/' } }),
        makeSpan({ parent: 1, name: 'SELECT tasks', millis: 5 }),
        makeSpan({ parent: 1, name: 'render', millis: 7, attributes: { page: 'index' } }),
        makeSpan({ trace: 2, name: 'SELECT tasks' }),
      ]);
      const tags = [{ key: 'url.path', value: '/' }];
      const operation = 'SELECT tasks';
      expect(find(store, { operation, tags })).toEqual([operation]);
      expect(find(store, { operation, tags, text: 'index' })).toEqual([operation]);
      expect(find(store, { operation, tags, minDurationMillis: 50 })).toEqual([]);
      expect(find(store, { operation: 'DELETE tasks', tags })).toEqual([]);
      expect(find(store, { operation, tags: [{ key: 'url.path', value: '/add' }] })).toEqual([]);
    });

    test('applies durations and times to the matching span', () => {
      const store = openWith([
        makeSpan({ id: 1, name: 'page', millis: 500 }),
        makeSpan({ parent: 1, name: 'request', millis: 20, start: 7, attributes: { x: 'y' } }),
      ]);
      const tags = [{ key: 'x', value: 'y' }];
      const start = EPOCH_SECONDS * 1_000 + 7;
      expect(find(store, { tags, minDurationMillis: 100 })).toEqual([]);
      expect(find(store, { tags, maxDurationMillis: 20 })).toEqual(['request']);
      expect(find(store, { tags, from: start, to: start })).toEqual(['request']);
      expect(find(store, { tags, from: start + 1 })).toEqual([]);
    });

    test('finds traces with and without errors', () => {
      const store = openWith([
        makeSpan({ trace: 1, name: 'bad', isError: true }),
        makeSpan({ trace: 2, name: 'good' }),
      ]);
      expect(find(store, { status: 'error' })).toEqual(['bad']);
      expect(find(store, { status: 'ok' })).toEqual(['good']);
      expect(find(store, { tags: [{ key: 'error', value: 'true' }] })).toEqual(['bad']);
    });

    test('finds traces by the text of a log record', () => {
      const store = openWith([makeSpan()]);
      store.addLogs([makeLog('the disk is full', 1)]);
      expect(find(store, { text: 'DISK' })).toEqual(['GET /']);
    });

    test('finds traces by an attribute of a log record, and shows the span that it belongs to', () => {
      const child = makeSpan({ id: 1, parent: 2, name: 'SELECT tasks', millis: 1 });
      const store = openWith([makeSpan({ id: 2, millis: 9, attributes: { path: '/add' } }), child]);
      const attributes = { 'task.id': 4 };
      store.addLogs([{ ...makeLog('task added', 1), attributes }]);
      const tag = { key: 'task.id', value: '4' };
      expect(find(store, { tags: [tag] })).toEqual(['SELECT tasks']);
      expect(find(store, { tags: [tag, { key: 'path', value: '/add' }] })).toEqual(['GET /']);
      expect(find(store, { tags: [tag, { key: 'path', value: '/' }] })).toEqual([]);
      expect(find(store, { tags: [{ key: 'task.id', value: '5' }] })).toEqual([]);
    });

    test('finds attributes as they are shown, also large numbers and bytes', () => {
      const attributes = { ids: [2n ** 60n], bytes: new Uint8Array(3) } as unknown as Attributes;
      const store = openWith([makeSpan({ attributes })]);
      expect(find(store, { tags: [{ key: 'ids', value: `["${2n ** 60n}"]` }] })).toEqual(['GET /']);
      expect(find(store, { tags: [{ key: 'bytes', value: '3 bytes' }] })).toEqual(['GET /']);
    });

    test('sorts and pages', () => {
      const spans = [5, 1, 9].map((millis, index) =>
        makeSpan({ trace: index + 1, name: `${index}`, start: index, millis }),
      );
      const store = openWith([...spans, makeSpan({ trace: 2, start: 1, id: 99, parent: 98 })]);
      expect(find(store, {})).toEqual(['2', '1', '0']);
      expect(find(store, { sort: 'oldest' })).toEqual(['0', '1', '2']);
      expect(find(store, { sort: 'longest' })).toEqual(['2', '0', '1']);
      expect(find(store, { sort: 'shortest' })).toEqual(['1', '0', '2']);
      expect(find(store, { sort: 'most-spans', limit: 1 })).toEqual(['1']);
      expect(find(store, { offset: 1, limit: 1 })).toEqual(['1']);
      expect(store.findTraces({ limit: 0 }).total).toBe(3);
    });

    test('finds log records, the newest first', () => {
      const store = openWith([makeSpan()]);
      store.addLogs([makeLog('a', 1), makeLog('b', undefined, 17), makeLog('c')]);
      const bodies = (query: object) => store.findLogs(query).map(({ body }) => body);
      expect(bodies({})).toEqual(['c', 'b', 'a']);
      expect(bodies({ limit: 1 })).toEqual(['c']);
      expect(bodies({ minSeverity: 17 })).toEqual(['b']);
      expect(bodies({ traceId: traceIdOf(1) })).toEqual(['a']);
      expect(bodies({ text: 'B' })).toEqual(['b']);
      expect(bodies({ service: 'shop' })).toEqual([]);
    });

    test('lists services and operations', () => {
      const store = openWith([makeSpan({ service: 'b' }), makeSpan({ service: 'a', name: 'x' })]);
      expect(store.services()).toEqual(['a', 'b']);
      expect(store.operations('a')).toEqual([{ name: 'x', kind: SpanKind.SERVER }]);
      expect(store.operations('c')).toEqual([]);
    });

    test('lists no services and operations of which it has dropped all spans', () => {
      const store = openWith(
        [
          makeSpan({ trace: 1, service: 'a', name: 'x' }),
          makeSpan({ trace: 2, service: 'b', name: 'x' }),
          makeSpan({ trace: 3, service: 'b', name: 'y' }),
          makeSpan({ trace: 3, service: 'b', name: 'y' }),
          makeSpan({ trace: 4, service: 'c', name: 'z' }),
        ],
        { maxTraces: 2 },
      );
      store.addLogs([makeLog('milk')]);
      expect(store.services()).toEqual(['b', 'c']);
      expect(store.operations('a')).toEqual([]);
      expect(store.operations('b')).toEqual([{ name: 'y', kind: SpanKind.SERVER }]);
    });

    test('drops the trace whose local root ended first, and counts it', () => {
      const store = openWith(
        [
          makeSpan({ trace: 1, parent: 900 }),
          makeSpan({ trace: 2, name: 'two' }),
          makeSpan({ trace: 1, id: 900, name: 'one' }),
          makeSpan({ trace: 3, name: 'three', start: 5 }),
        ],
        { maxTraces: 2 },
      );
      expect(find(store, {}).sort()).toEqual(['one', 'three']);
      expect(store.stats()).toMatchObject({
        traces: 2,
        spans: 3,
        maxTraces: 2,
        droppedTraces: 1,
        droppedSpans: 1,
        oldest: EPOCH_SECONDS * 1_000,
      });
    });

    test('refuses spans beyond the limit of a trace, and counts them', () => {
      const store = openWith([], { maxSpansPerTrace: 2 });
      expect(store.addSpans([makeSpan(), makeSpan(), makeSpan()])).toBe(1);
      expect(store.getTrace(traceIdOf(1))).toMatchObject({ droppedSpans: 1 });
      expect(store.stats()).toMatchObject({ spans: 2, droppedSpans: 1 });
    });

    test('keeps memory within its limit', () => {
      const large = { text: 'x'.repeat(100_000) };
      const spans = Array.from({ length: 50 }, (_, trace) =>
        makeSpan({ trace: trace + 1, attributes: large }),
      );
      const store = openWith(spans, { maxBytes: 1_000_000 });
      const { bytes, traces, droppedTraces } = store.stats();
      expect(bytes).toBeLessThanOrEqual(1_000_000);
      expect(traces).toBe(9);
      expect(traces + droppedTraces).toBe(50);
    });

    test.each([
      ['attributes', { attributes: { ['k'.repeat(600_000)]: 1 } }],
      ['scopes', { instrumentationScope: { name: 's'.repeat(600_000) } }],
    ])('counts the memory of long names of %s', (_, long) => {
      const store = openWith(
        [1, 2].map((trace) => ({ ...makeSpan({ trace }), ...long })),
        {
          maxBytes: 1_000_000,
        },
      );
      expect(store.stats()).toMatchObject({ traces: 1, droppedTraces: 1 });
    });

    test('drops the oldest log records, and counts them', () => {
      const store = openWith([makeSpan()], { maxLogs: 2 });
      store.addLogs([makeLog('a', 1), makeLog('b', 1), makeLog('c', 1)]);
      expect(store.findLogs({}).map(({ body }) => body)).toEqual(['c', 'b']);
      expect(store.getTrace(traceIdOf(1))?.logs).toHaveLength(2);
      expect(store.stats()).toMatchObject({ logs: 2, droppedLogs: 1 });
    });

    test('accepts a circle of parents and spans whose properties cannot be read', () => {
      const store = openWith([
        makeSpan({ id: 1, parent: 2, name: 'a' }),
        makeSpan({ id: 2, parent: 1, name: 'b', start: 1 }),
      ]);
      const odd = Object.defineProperty({ ...makeSpan() }, 'attributes', {
        get() {
          throw new Error('unreadable');
        },
      });
      expect(store.addSpans([odd])).toBe(1);
      expect(store.findTraces({}).traces[0]?.root.name).toBe('a');
    });

    test('notifies subscribers of the traces that changed', async () => {
      const store = openWith([]);
      const calls: string[][] = [];
      const unsubscribe = store.subscribe((traceIds) => calls.push([...traceIds]));
      store.addSpans([makeSpan({ trace: 1 }), makeSpan({ trace: 2 }), makeSpan({ trace: 1 })]);
      await expect.poll(() => calls).toEqual([[traceIdOf(1), traceIdOf(2)]]);
      unsubscribe();
      store.addSpans([makeSpan()]);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(calls).toHaveLength(1);
    });

    test('clear() drops everything', () => {
      const store = openWith([makeSpan()]);
      store.addLogs([makeLog('milk', 1)]);
      store.clear();
      expect(store.findTraces({}).total).toBe(0);
      expect(store.stats()).toMatchObject({ traces: 0, spans: 0, logs: 0, bytes: 0 });
    });
  });
}
