import { context, SpanKind, trace } from '@opentelemetry/api';
import { Hono } from 'hono';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { traceHttp, traceSql } from '../../packages/hono-opentelemetry/src/index.ts';
import { tracedRouter } from '../../packages/hono-opentelemetry/src/router/index.ts';
import {
  type RecordedTraces,
  recordTraces,
} from '../../packages/hono-opentelemetry/src/testing/index.ts';
import { recordTelemetry } from '../support/recorded-telemetry.ts';

/** Created before any recording, as apps are. */
const database = traceSql({
  system: 'sqlite',
  query: async (_sql: string, _params: readonly unknown[]) => [[1]],
});
const app = new Hono({ router: tracedRouter() }).use(traceHttp());
app.get('/tasks/:id', async function getTask(c) {
  await database.query('SELECT title FROM tasks WHERE id = ?', [7]);
  return c.text('milk');
});
app.get('/broken', function fails() {
  throw new RangeError('no');
});

let traces: RecordedTraces | undefined;
afterEach(() => traces?.stop());

describe('recordTraces()', () => {
  test.each([1, 2])('gives the spans of one recording as a tree, run %i', async () => {
    traces = recordTraces();
    await app.request('/tasks/7');
    expect(traces.tree()).toBe(['GET /tasks/:id 200', '  getTask', '    SELECT tasks'].join('\n'));
  });

  test('shows errors, and spans that have not ended', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {});
    traces = recordTraces();
    await app.request('/broken');
    trace.getTracer('test').startSpan('open');
    expect(traces.tree()).toBe(
      ['GET /broken 500 ERROR RangeError', '  fails ERROR RangeError', 'open (not ended)'].join(
        '\n',
      ),
    );
  });

  test('shows attributes, durations and IDs on request', async () => {
    traces = recordTraces();
    await app.request('/tasks/7');
    const options = { attributes: ['http.route', 'missing'], durations: true, ids: true };
    expect(traces.tree(options).split('\n')[0]).toMatch(
      /^GET \/tasks\/:id 200 http\.route="\/tasks\/:id" \d+\.\d ms [\da-f]{32}:[\da-f]{16}$/,
    );
  });

  test('gives spans with kind, attributes, events and links', () => {
    traces = recordTraces();
    const tracer = trace.getTracer('test');
    tracer.startActiveSpan('work', { kind: SpanKind.PRODUCER, attributes: { a: 1 } }, (span) => {
      const link = { context: span.spanContext() };
      span.setAttributes({ b: 2 }).addEvent('done', { c: 3 }).addLink(link);
      span.recordException(new TypeError('no'));
      span.end();
      span.setAttribute('late', true);
    });
    expect(traces.spans()).toMatchObject([
      {
        name: 'work',
        kind: SpanKind.PRODUCER,
        attributes: { a: 1, b: 2 },
        events: [
          { name: 'done', attributes: { c: 3 } },
          {
            name: 'exception',
            attributes: { 'exception.type': 'TypeError', 'exception.message': 'no' },
          },
        ],
        parentSpanId: undefined,
      },
    ]);
    expect(traces.spans()[0]?.attributes).not.toHaveProperty('late');
    expect(traces.spans()[0]?.links).toHaveLength(1);
  });

  test('keeps requests that run side by side apart', async () => {
    traces = recordTraces();
    await Promise.all(['1', '2', '3'].map((id) => app.request(`/tasks/${id}`)));
    expect(traces.tree()).toBe(
      Array(3).fill('GET /tasks/:id 200\n  getTask\n    SELECT tasks').join('\n'),
    );
  });

  test('forgets spans with clear(), and unregisters everything after its block', async () => {
    const provider = trace.getTracerProvider();
    {
      using recording = recordTraces();
      await app.request('/tasks/7');
      expect(recording.spans()).toHaveLength(3);
      recording.clear();
      expect(recording.tree()).toBe('');
      traces = recording;
    }
    await app.request('/tasks/7');
    expect(traces.spans()).toEqual([]);
    expect(trace.getTracerProvider().constructor).toBe(provider.constructor);
    const key = Symbol('key');
    const probe = context.active().setValue(key, 1);
    expect(context.with(probe, () => context.active().getValue(key))).toBeUndefined();
  });

  test('throws while another recording is active', () => {
    traces = recordTraces();
    expect(() => recordTraces()).toThrow('call stop() on it');
  });

  test('throws if an SDK is registered', () => {
    trace.setGlobalTracerProvider(recordTelemetry().tracerProvider);
    try {
      expect(() => recordTraces()).toThrow('Another tracer provider is registered');
    } finally {
      trace.disable();
    }
  });
});
