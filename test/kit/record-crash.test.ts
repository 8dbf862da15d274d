import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { logs } from '@opentelemetry/api-logs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recordCrash } from '../../packages/hono-opentelemetry/src/index.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';
import { useContext } from '../support/use-context.ts';

useContext();

let telemetry: RecordedTelemetry;
beforeEach(() => {
  telemetry = recordTelemetry();
  logs.setGlobalLoggerProvider(telemetry.loggerProvider);
});
afterEach(() => logs.disable());

describe('recordCrash()', () => {
  test.each([
    [undefined, 1],
    ['span', 1],
    ['logs', 0],
    ['logs/dup', 1],
  ] as const)('recordCrash(%s) makes one log record and %i span events', (signal, events) => {
    const span = telemetry.tracerProvider.getTracer('test').startSpan('GET /');
    const thrown = new RangeError('no');
    context.with(trace.setSpan(ROOT_CONTEXT, span), () => recordCrash(thrown, 'crash', signal));
    span.end();

    const { spanId } = span.spanContext();
    expect(telemetry.logs()).toMatchObject([
      {
        body: 'crash',
        severityText: 'FATAL',
        attributes: { 'exception.type': 'RangeError', 'exception.message': 'no' },
        spanContext: { spanId },
      },
    ]);
    expect(telemetry.span()).toMatchObject({
      status: { code: 2 },
      attributes: { 'error.type': 'RangeError' },
      events: Array(events).fill({ name: 'exception' }),
    });
    expect(telemetry.span().events).toHaveLength(events);
  });

  test('recordCrash() marks the span as failed, and throws nothing, when a logger throws', () => {
    logs.disable();
    const getLogger = () => {
      throw new Error('no logger');
    };
    logs.setGlobalLoggerProvider({ getLogger });
    const span = telemetry.tracerProvider.getTracer('test').startSpan('GET /');
    context.with(trace.setSpan(ROOT_CONTEXT, span), () => recordCrash('no', 'crash'));
    span.end();
    expect(telemetry.span().status.code).toBe(2);
  });

  test('makes a log record outside of any span', () => {
    recordCrash('no', 'crash');
    expect(telemetry.logs()).toMatchObject([
      { body: 'crash', attributes: { 'exception.type': 'string', 'exception.message': 'no' } },
    ]);
    expect(telemetry.spans()).toEqual([]);
  });
});
