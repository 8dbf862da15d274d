import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { beforeEach, describe, expect, test } from 'vitest';
import { traceJob } from '../../packages/hono-opentelemetry/src/index.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';
import { useContext } from '../support/use-context.ts';

useContext();
let telemetry: RecordedTelemetry;
beforeEach(() => {
  telemetry = recordTelemetry();
});

describe('traceJob()', () => {
  test('records an INTERNAL root span around the work', async () => {
    const promise = Promise.resolve('milk');
    const result = traceJob(
      'send-reminders',
      () => {
        expect(trace.getActiveSpan()?.isRecording()).toBe(true);
        return promise;
      },
      telemetry,
    );
    expect(result).toBe(promise);
    expect(telemetry.spans()).toEqual([]);
    await result;
    const span = telemetry.span();
    expect([span.name, span.kind, span.parentSpanContext]).toEqual([
      'send-reminders',
      SpanKind.INTERNAL,
      undefined,
    ]);
  });

  test('records synchronous work, and returns its result', () => {
    expect(traceJob('count', () => 3, telemetry)).toBe(3);
    expect(telemetry.span().name).toBe('count');
  });

  test('runs a lazy query once, in the span', async () => {
    let runs = 0;
    const query: PromiseLike<number> = {
      // biome-ignore lint/suspicious/noThenProperty: it is what Drizzle returns
      then(onFulfilled, onRejected) {
        runs += 1;
        telemetry.tracerProvider.getTracer('test').startSpan('SELECT').end();
        return Promise.resolve(3).then(onFulfilled, onRejected);
      },
    };
    expect(await traceJob('count', () => query, telemetry)).toBe(3);
    expect(runs).toBe(1);
    const [statement, job] = telemetry.spans();
    expect([statement?.name, job?.name]).toEqual(['SELECT', 'count']);
    expect(statement?.parentSpanContext?.spanId).toBe(job?.spanContext().spanId);
  });

  test.each([
    ['a child', false],
    ['a linked root', true],
  ])('is %s of the active span with root: %s', (_what, root) => {
    const tracer = telemetry.tracerProvider.getTracer('test');
    tracer.startActiveSpan('request', (span) => {
      traceJob('job', () => {}, { ...telemetry, root });
      span.end();
    });
    const [job, request] = telemetry.spans();
    const id = request?.spanContext().spanId;
    expect(job?.parentSpanContext?.spanId).toBe(root ? undefined : id);
    expect(job?.links.map(({ context }) => context.spanId)).toEqual(root ? [id] : []);
  });

  test.each([
    ['an error', new RangeError('token=abc'), 'RangeError'],
    ['a string', 'no', 'string'],
  ])('marks the span as failed by %s, and passes it on', async (_what, thrown, type) => {
    const reject = async () => {
      throw thrown;
    };
    await expect(traceJob('job', reject, telemetry)).rejects.toBe(thrown);
    const throws = () => {
      throw thrown;
    };
    expect(() => traceJob('job', throws, telemetry)).toThrow();
    for (const span of telemetry.spans()) {
      expect(span.status.code).toBe(SpanStatusCode.ERROR);
      expect(span.attributes['error.type']).toBe(type);
      expect(span.events.map(({ name }) => name)).toEqual(['exception']);
      expect(JSON.stringify(span.events)).not.toContain('abc');
    }
    expect(telemetry.spans()).toHaveLength(2);
  });
});
