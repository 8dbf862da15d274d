import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type SpanContext,
  type TextMapGetter,
  trace,
} from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { describe, expect, test } from 'vitest';
import { createTraceContextPropagator } from '../../../packages/opentelemetry-instrument/src/sdk/propagation/trace-context-propagator.ts';
import { parseTraceState } from '../../../packages/opentelemetry-instrument/src/sdk/propagation/trace-state.ts';

const propagator = createTraceContextPropagator();
const traceId = '12345678901234567890123456789012';
const spanId = '1234567890123456';

function extract(carrier: Record<string, string | string[]>): Context {
  return propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter);
}

function inject(context: Context): Record<string, string> {
  const carrier: Record<string, string> = {};
  propagator.inject(context, carrier, defaultTextMapSetter);
  return carrier;
}

describe('createTraceContextPropagator()', () => {
  test('passes a context on unchanged, except for unknown flags', () => {
    const carrier = { traceparent: `00-${traceId}-${spanId}-ff`, tracestate: 'foo=1' };
    expect(inject(extract(carrier))).toEqual({
      traceparent: `00-${traceId}-${spanId}-03`,
      tracestate: 'foo=1',
    });
  });

  test('keeps the random flag for the trace that came with it, not for another', () => {
    const context = extract({ traceparent: `00-${traceId}-${spanId}-02` });
    const child: SpanContext = { traceId, spanId: 'a'.repeat(16), traceFlags: 1 };
    const other: SpanContext = { ...child, traceId: 'b'.repeat(32) };
    expect(inject(trace.setSpanContext(context, child)).traceparent).toMatch(/-03$/);
    expect(inject(trace.setSpanContext(context, other)).traceparent).toMatch(/-01$/);
  });

  test('omits an empty tracestate', () => {
    const context = extract({ traceparent: `00-${traceId}-${spanId}-01`, tracestate: '' });
    expect(inject(context)).toEqual({ traceparent: `00-${traceId}-${spanId}-01` });
  });

  test('writes nothing without a span, with an invalid one, and while tracing is suppressed', () => {
    const invalid = { traceId: '0'.repeat(32), spanId, traceFlags: 1 };
    expect(inject(ROOT_CONTEXT)).toEqual({});
    expect(inject(trace.setSpanContext(ROOT_CONTEXT, invalid))).toEqual({});
    const context = extract({ traceparent: `00-${traceId}-${spanId}-01` });
    expect(inject(suppressTracing(context))).toEqual({});
  });

  test('joins the tracestate headers of a getter, and rejects two traceparents', () => {
    const lists: TextMapGetter<Record<string, string[]>> = {
      get: (carrier, key) => carrier[key],
      keys: (carrier) => Object.keys(carrier),
    };
    const traceparent = `00-${traceId}-${spanId}-01`;
    const joined = { traceparent: [traceparent], tracestate: ['foo=1', 'bar=2'] };
    const twice = { traceparent: [traceparent, traceparent] };
    const state = trace.getSpanContext(propagator.extract(ROOT_CONTEXT, joined, lists))?.traceState;
    expect(state?.serialize()).toBe('foo=1,bar=2');
    expect(propagator.extract(ROOT_CONTEXT, twice, lists)).toBe(ROOT_CONTEXT);
  });
});

describe('parseTraceState()', () => {
  test.each(['', ' , ,', 'foo', 'foo=', '=1', 'foo=1,Bar=2', 'foo=1,bar=a=b', 'foo=ü'])(
    'discards "%s" completely',
    (header) => {
      expect(parseTraceState(header)).toBeUndefined();
    },
  );

  test('keeps the first of two equal keys', () => {
    expect(parseTraceState('foo=1,bar=2,foo=3')?.serialize()).toBe('foo=1,bar=2');
  });

  test('set() puts the member first and leaves the original as it was', () => {
    const state = parseTraceState('foo=1,bar=2');
    expect(state?.set('bar', '3').serialize()).toBe('bar=3,foo=1');
    expect(state?.set('Bad key', '3').serialize()).toBe('foo=1,bar=2');
    expect(state?.unset('foo').serialize()).toBe('bar=2');
    expect(state?.get('bar')).toBe('2');
    expect(state?.serialize()).toBe('foo=1,bar=2');
  });

  test('set() drops the last member when there are 32 already', () => {
    const members = Array.from({ length: 32 }, (_, index) => `key${index}=1`);
    const added = parseTraceState(members.join(','))?.set('foo', '1').serialize().split(',');
    expect(added).toEqual(['foo=1', ...members.slice(0, 31)]);
  });

  test('serialize() stays within 512 characters: long members go first, then the last ones', () => {
    const long = `long=${'x'.repeat(200)}`;
    const short = Array.from({ length: 31 }, (_, index) => `key${index + 10}=${'x'.repeat(14)}`);
    const kept = parseTraceState([long, ...short].join(','))
      ?.serialize()
      .split(',');
    // 25 members of 20 characters and their commas make 524, 24 make 503.
    expect(kept).toEqual(short.slice(0, 24));
  });
});
