import {
  type Context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
  trace,
} from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import { createPropagator } from '../../../packages/opentelemetry-instrument/src/sdk/propagation/propagator.ts';
import { settingsOf } from '../../support/settings.ts';

const SPAN_ID = '00f067aa0ba902b7';
const id = (digit: string) => digit.repeat(32);

/** Creates the propagator of `OTEL_PROPAGATORS`, or the default. */
async function open(names?: string) {
  const variables = names === undefined ? {} : { OTEL_PROPAGATORS: names };
  const propagator = await createPropagator(settingsOf(variables).OTEL_PROPAGATORS);
  return {
    fields: () => propagator.fields(),
    inject(context: Context): Record<string, string> {
      const carrier: Record<string, string> = {};
      propagator.inject(context, carrier, defaultTextMapSetter);
      return carrier;
    },
    extract: (carrier: Record<string, string>) =>
      propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter),
  };
}

const spanContext = { traceId: id('a'), spanId: SPAN_ID, traceFlags: 1 };
const baggage = propagation.createBaggage({ user: { value: 'jane' } });
const context = propagation.setBaggage(trace.setSpanContext(ROOT_CONTEXT, spanContext), baggage);

const TRACE_CONTEXT = { traceparent: `00-${id('a')}-${SPAN_ID}-01` };
const BAGGAGE = { baggage: 'user=jane' };
const B3 = { b3: `${id('a')}-${SPAN_ID}-1` };
const B3_MULTI = { 'x-b3-traceid': id('a'), 'x-b3-spanid': SPAN_ID, 'x-b3-sampled': '1' };

describe('createPropagator() writes', () => {
  test.each([
    [undefined, { ...TRACE_CONTEXT, ...BAGGAGE }],
    ['tracecontext', TRACE_CONTEXT],
    ['baggage', BAGGAGE],
    ['b3', B3],
    ['b3multi', B3_MULTI],
    ['b3,tracecontext', { ...B3, ...TRACE_CONTEXT }],
    ['none', {}],
  ])('OTEL_PROPAGATORS=%s injects %j', async (names, headers) => {
    expect((await open(names)).inject(context)).toEqual(headers);
  });

  test('inject() also marks a trace that is not sampled', async () => {
    const { inject } = await open('tracecontext,b3,b3multi');
    const unsampled = trace.setSpanContext(ROOT_CONTEXT, { ...spanContext, traceFlags: 0 });
    expect(inject(unsampled)).toEqual({
      traceparent: `00-${id('a')}-${SPAN_ID}-00`,
      b3: `${id('a')}-${SPAN_ID}-0`,
      'x-b3-traceid': id('a'),
      'x-b3-spanid': SPAN_ID,
      'x-b3-sampled': '0',
    });
  });
});

describe('createPropagator() reads', () => {
  // The headers of a caller that sends all formats, with a different trace ID in each.
  const headers = {
    traceparent: `00-${id('1')}-${SPAN_ID}-01`,
    baggage: 'user=jane',
    b3: `${id('2')}-${SPAN_ID}-1`,
    'x-b3-traceid': id('3'),
    'x-b3-spanid': SPAN_ID,
    'x-b3-sampled': '1',
  };

  test.each([
    [undefined, id('1'), 'jane'],
    ['tracecontext', id('1'), undefined],
    ['baggage', undefined, 'jane'],
    ['b3', id('2'), undefined],
    ['b3multi', id('2'), undefined],
    ['tracecontext,b3', id('2'), undefined],
    ['b3,tracecontext', id('1'), undefined],
    ['none', undefined, undefined],
  ])('OTEL_PROPAGATORS=%s extracts the trace %s and the user %s', async (names, traceId, user) => {
    const extracted = (await open(names)).extract(headers);
    expect(trace.getSpanContext(extracted)?.traceId).toBe(traceId);
    expect(propagation.getBaggage(extracted)?.getEntry('user')?.value).toBe(user);
  });

  test.each(['b3', 'b3multi'])('both forms of B3 by OTEL_PROPAGATORS=%s', async (names) => {
    const { extract } = await open(names);
    const { b3, ...multi } = headers;
    expect(trace.getSpanContext(extract({ b3 }))?.traceId).toBe(id('2'));
    expect(trace.getSpanContext(extract(multi))?.traceId).toBe(id('3'));
    // Zipkin's short ids, and a trace that is not sampled.
    expect(trace.getSpanContext(extract({ b3: `${SPAN_ID}-${SPAN_ID}-0` }))).toMatchObject({
      traceId: `${'0'.repeat(16)}${SPAN_ID}`,
      traceFlags: 0,
    });
  });

  test.each([
    ['tracecontext,baggage', ['traceparent', 'tracestate', 'baggage']],
    ['b3', ['b3', 'x-b3-traceid', 'x-b3-spanid', 'x-b3-sampled', 'x-b3-flags']],
    ['b3multi', ['b3', 'x-b3-traceid', 'x-b3-spanid', 'x-b3-sampled', 'x-b3-flags']],
    ['none', []],
  ])('OTEL_PROPAGATORS=%s makes fields() return the headers %j', async (names, fields) => {
    expect((await open(names)).fields()).toEqual(expect.arrayContaining(fields));
  });

  test.each([
    { traceparent: 'x', baggage: '=;,', b3: '0', 'x-b3-traceid': 'x' },
    { traceparent: `00-${id('0')}-${SPAN_ID}-01`, b3: `${id('0')}-${SPAN_ID}-1`, baggage: '%zz=1' },
    { 'x-b3-traceid': id('a') },
  ])('nothing in %j', async (headers) => {
    const { extract } = await open('tracecontext,baggage,b3,b3multi');
    expect(extract(headers as Record<string, string>)).toBe(ROOT_CONTEXT);
  });
});

describe('an oversized header (S9)', () => {
  test.each([
    ['200 members', Array.from({ length: 200 }, (_, i) => `k${i}=v`), 180],
    ['9 members of 1,000 bytes', Array.from({ length: 9 }, (_, i) => member(i, 1_000)), 8],
    ['a member of 5,000 bytes beside a short one', [member(0, 5_000), 'k=v'], 2],
    ['a member of 9,000 bytes behind a short one', ['k=v', member(0, 9_000)], 1],
  ])('extract() keeps only the limit of %s of baggage', async (_, members, kept) => {
    const { extract, inject } = await open();
    const extracted = extract({ ...TRACE_CONTEXT, baggage: members.join(',') });
    expect(propagation.getBaggage(extracted)?.getAllEntries()).toHaveLength(kept);
    const passedOn = inject(extracted);
    expect(passedOn.baggage?.split(',')).toHaveLength(kept);
    expect(passedOn.baggage?.length).toBeLessThanOrEqual(8_192);
    expect(passedOn.traceparent).toBe(TRACE_CONTEXT.traceparent);
  });

  test('a tracestate of 33 members is ignored, not so the trace', async () => {
    const { extract, inject } = await open();
    const tracestate = (length: number) => Array.from({ length }, (_, i) => `k${i}=v`).join(',');
    expect(inject(extract({ ...TRACE_CONTEXT, tracestate: tracestate(33) }))).toEqual(
      TRACE_CONTEXT,
    );
    expect(inject(extract({ ...TRACE_CONTEXT, tracestate: tracestate(32) }))).toEqual({
      ...TRACE_CONTEXT,
      tracestate: tracestate(32),
    });
  });
});

function member(index: number, length: number): string {
  return `k${index}=`.padEnd(length, 'v');
}
