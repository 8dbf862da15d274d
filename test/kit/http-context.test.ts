import { setTimeout as sleep } from 'node:timers/promises';
import { context, propagation, SpanKind, trace } from '@opentelemetry/api';
import { SeverityNumber } from '@opentelemetry/api-logs';
import {
  CompositePropagator,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from '@opentelemetry/core';
import { AlwaysOnSampler, ParentBasedSampler } from '@opentelemetry/sdk-trace-base';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type TraceHttpOptions, traceHttp } from '../../packages/hono-opentelemetry/src/index.ts';
import { type RecordedTelemetry, recordTelemetry } from '../support/recorded-telemetry.ts';
import { useContext } from '../support/use-context.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN_ID = '00f067aa0ba902b7';

useContext();
const propagator = new CompositePropagator({
  propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()],
});
beforeAll(() => void propagation.setGlobalPropagator(propagator));
afterAll(() => propagation.disable());

let telemetry: RecordedTelemetry;
beforeEach(() => {
  telemetry = recordTelemetry(new ParentBasedSampler({ root: new AlwaysOnSampler() }));
});

/** Answers with the headers that a call to another service would carry. */
function createApp(options: TraceHttpOptions = {}): Hono {
  const app = new Hono().use(traceHttp({ ...telemetry, ...options }));
  app.get('/call', (c) => {
    const carrier: Record<string, string> = {};
    propagation.inject(context.active(), carrier);
    return c.json(carrier);
  });
  return app;
}

function call(app: Hono, headers: Record<string, string>) {
  return Promise.resolve(app.request('/call', { headers })).then(
    (response) => response.json() as Promise<Record<string, string>>,
  );
}

const parent = (flags: string) => `00-${TRACE_ID}-${SPAN_ID}-${flags}`;

describe('traceHttp()', () => {
  test('continues the trace of the caller, with its state and baggage', async () => {
    const headers = { traceparent: parent('01'), tracestate: 'a=1', baggage: 'user=7' };
    const carrier = await call(createApp(), headers);
    const span = telemetry.span();
    expect(span.spanContext().traceId).toBe(TRACE_ID);
    expect(span.parentSpanContext).toMatchObject({ spanId: SPAN_ID, isRemote: true });
    expect(carrier).toEqual({
      traceparent: `00-${TRACE_ID}-${span.spanContext().spanId}-01`,
      tracestate: 'a=1',
      baggage: 'user=7',
    });
  });

  test('starts a new trace without a traceparent, or with an invalid one', async () => {
    for (const headers of [
      {},
      { traceparent: 'nonsense' },
      { traceparent: parent('01').slice(1) },
    ]) {
      await call(createApp(), headers);
    }
    const ids = telemetry.spans().map((span) => span.spanContext().traceId);
    expect(new Set([...ids, TRACE_ID]).size).toBe(4);
    for (const span of telemetry.spans()) expect(span.parentSpanContext).toBeUndefined();
  });

  test('passes on baggage that arrives without a trace', async () => {
    expect(await call(createApp(), { baggage: 'user=7' })).toMatchObject({ baggage: 'user=7' });
  });

  test('skips the propagator when a request has none of its headers', async () => {
    const extract = vi.spyOn(propagator, 'extract');
    await call(createApp(), { 'user-agent': 'test' });
    expect(extract).not.toHaveBeenCalled();
    await call(createApp(), { traceparent: parent('01') });
    expect(extract).toHaveBeenCalledOnce();
    extract.mockRestore();
  });

  test('exports nothing under a parent that is not sampled, and passes its decision on', async () => {
    const { traceparent } = await call(createApp(), { traceparent: parent('00') });
    expect(traceparent).toMatch(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-00$`));
    expect(telemetry.spans()).toEqual([]);
  });

  test('passes on the context of an excluded request unchanged, without span and metrics', async () => {
    const headers = { traceparent: parent('01'), baggage: 'user=7' };
    const app = createApp({ exclude: (c) => c.req.path === '/call' });
    expect(await call(app, headers)).toEqual(headers);
    expect(telemetry.spans()).toEqual([]);
    expect(await telemetry.metrics()).toEqual([]);
  });

  test('passes nothing on for an excluded request without a context', async () => {
    expect(await call(createApp({ exclude: () => true }), { 'user-agent': 'test' })).toEqual({});
  });

  test('excludes by URL and by path', async () => {
    const app = createApp({ exclude: (c) => new URL(c.req.url).searchParams.has('probe') });
    await app.request('/call?probe');
    expect(telemetry.spans()).toEqual([]);
    await app.request('/call?other');
    expect(telemetry.span().name).toBe('GET /call');
  });

  test('separates 50 concurrent requests with their children and log records', async () => {
    const logger = telemetry.loggerProvider.getLogger('test');
    const tracer = telemetry.tracerProvider.getTracer('test');
    const app = new Hono().use(traceHttp(telemetry));
    app.get('/:number', async (c) => {
      const number = Number(c.req.param('number'));
      await sleep(number % 7);
      const child = tracer.startSpan('child', { attributes: { number } });
      await context.with(trace.setSpan(context.active(), child), () => sleep(number % 5));
      logger.emit({ severityNumber: SeverityNumber.INFO, attributes: { number } });
      child.end();
      return c.body(null);
    });
    const traceId = (number: number) => TRACE_ID.slice(0, -2) + String(number + 10);
    await Promise.all(
      Array.from({ length: 50 }, (_, number) => {
        const traceparent = `00-${traceId(number)}-${SPAN_ID}-01`;
        return app.request(`/${number}`, { headers: { traceparent } });
      }),
    );

    const servers = telemetry.spans().filter(({ kind }) => kind === SpanKind.SERVER);
    const children = telemetry.spans().filter(({ name }) => name === 'child');
    expect([servers.length, children.length, telemetry.logs().length]).toEqual([50, 50, 50]);
    for (const server of servers) {
      const number = Number(String(server.attributes['url.path']).slice(1));
      expect(server.spanContext().traceId).toBe(traceId(number));
    }
    for (const { attributes, parentSpanContext } of children) {
      const server = servers.find(
        (span) => span.attributes['url.path'] === `/${attributes.number}`,
      );
      expect(parentSpanContext).toEqual(server?.spanContext());
    }
    for (const { attributes, spanContext } of telemetry.logs()) {
      expect(spanContext?.traceId).toBe(traceId(Number(attributes.number)));
    }
  });
});
