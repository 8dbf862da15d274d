import {
  type Attributes,
  type Context,
  context,
  createTraceState,
  diag,
  type Exception,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanOptions,
  type TimeInput,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { suppressTracing } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOnSampler,
  BasicTracerProvider,
  type ReadableSpan,
  type Sampler,
  SamplingDecision,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createFastTracerProvider } from '../../../packages/opentelemetry-instrument/src/sdk/fast-path/tracer.ts';
import { anyNumber, anyText, anyValue } from '../../support/arbitrary-values.ts';

const NOW = 1_800_000_000_000;
const spanLimits = {
  attributeCountLimit: 4,
  attributeValueLengthLimit: 10,
  eventCountLimit: 2,
  linkCountLimit: 2,
  attributePerEventCountLimit: 2,
  attributePerLinkCountLimit: 2,
};
const noLimits = {
  attributeCountLimit: 128,
  attributeValueLengthLimit: Number.POSITIVE_INFINITY,
  eventCountLimit: 128,
  linkCountLimit: 128,
  attributePerEventCountLimit: 128,
  attributePerLinkCountLimit: 128,
};

beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
  vi.spyOn(performance, 'now').mockImplementation(() => 1_000 + Date.now() - NOW);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  context.disable();
  diag.disable();
});

interface Recorder extends SpanProcessor {
  readonly started: unknown[];
  readonly ended: ReadableSpan[];
}

function createRecorder(): Recorder {
  const started: unknown[] = [];
  const ended: ReadableSpan[] = [];
  return {
    started,
    ended,
    onStart: (span, parent) => started.push([span.name, parent]),
    onEnd: (span) => ended.push(span),
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

/** Creates the SDK's provider and ours, with the same options and a recorder each. */
function createBoth(limits = noLimits, sampler: Sampler = new AlwaysOnSampler()) {
  const resource = resourceFromAttributes({ 'service.name': 'todo' });
  const create = (make: (options: Parameters<typeof createFastTracerProvider>[0]) => Provider) => {
    const recorder = createRecorder();
    const options = { resource, sampler, spanLimits: limits, spanProcessors: [recorder] };
    return { recorder, provider: make(options) };
  };
  type Provider = TracerProvider & Pick<SpanProcessor, 'forceFlush' | 'shutdown'>;
  return {
    theirs: create((options) => {
      const { spanProcessors, ...rest } = options;
      return new BasicTracerProvider({ ...rest, spanProcessors: [...spanProcessors] });
    }),
    ours: create(createFastTracerProvider),
  };
}

/** Reads everything that an exporter reads from a span, except for its own ids; times in microseconds. */
function read(span: ReadableSpan | undefined) {
  if (span === undefined) return undefined;
  const { traceId, spanId, ...others } = span.spanContext();
  expect(traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(spanId).toMatch(/^[0-9a-f]{16}$/);
  const micros = ([seconds, nanos]: readonly number[] = []) => [
    seconds,
    Math.round((nanos ?? 0) / 1_000),
  ];
  return {
    ...others,
    traceId: span.parentSpanContext ? traceId : 'new',
    name: span.name,
    kind: span.kind,
    parent: span.parentSpanContext,
    startTime: micros(span.startTime),
    endTime: micros(span.endTime),
    duration: micros(span.duration),
    status: span.status,
    attributes: span.attributes,
    links: span.links,
    events: span.events.map((event) => ({ ...event, time: micros(event.time) })),
    ended: span.ended,
    resource: span.resource.attributes,
    scope: { ...span.instrumentationScope },
    dropped: [span.droppedAttributesCount, span.droppedEventsCount, span.droppedLinksCount],
  };
}

const PARENT = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  spanId: '00f067aa0ba902b7',
  traceFlags: 1,
  isRemote: true,
  traceState: createTraceState('vendor=1'),
};
const UNDER_PARENT = trace.setSpanContext(ROOT_CONTEXT, PARENT);

// Any value that a program may pass, in spite of the types. The exception is the one name by which the
// SDK replaces the prototype of its own object.
const key = fc
  .oneof(fc.constantFrom('', 'a', 'b', 'constructor'), anyText)
  .filter((name) => name !== '__proto__');
const attributes = fc.oneof(
  fc.dictionary(
    key,
    fc.oneof(fc.string(), fc.array(fc.option(fc.string())), fc.boolean(), anyNumber),
    { maxKeys: 8 },
  ) as fc.Arbitrary<Attributes>,
  fc.dictionary(key, anyValue, { maxKeys: 8 }) as fc.Arbitrary<Attributes>,
  fc.constantFrom(undefined, null as unknown as undefined),
);
const time: fc.Arbitrary<TimeInput | undefined> = fc.oneof(
  fc.constantFrom(undefined, null as unknown as undefined),
  // Of `performance.now()`.
  fc.integer({ min: 0, max: 2_000 }),
  fc.integer({ min: -5_000, max: 5_000 }).map((millis) => NOW + millis),
  fc.integer({ min: -5_000, max: 5_000 }).map((millis) => new Date(NOW + millis)),
  fc.tuple(fc.integer({ min: NOW / 1_000 - 5, max: NOW / 1_000 + 5 }), fc.nat(999_999_999)),
);
const link: fc.Arbitrary<Link> = attributes.map((each) => ({
  context: PARENT,
  ...(each !== undefined && { attributes: each }),
}));
const exception = fc.oneof(
  fc.string(),
  fc.record(
    {
      name: fc.string(),
      message: fc.string(),
      stack: fc.string(),
      code: fc.oneof(fc.string(), fc.nat()),
    },
    { requiredKeys: [], noNullPrototype: true },
  ),
) as fc.Arbitrary<Exception>;

/** Operations on a span. */
const operation: fc.Arbitrary<(span: Span) => unknown> = fc.oneof(
  fc.tuple(key, anyValue).map(([key, value]) => (span: Span) => {
    return span.setAttribute(key, value as string);
  }),
  attributes.map((each) => (span: Span) => span.setAttributes(each ?? {})),
  fc.tuple(anyText, attributes, time).map((args) => (span: Span) => span.addEvent(...args)),
  fc.tuple(anyText, time, time).map((args) => (span: Span) => span.addEvent(...args)),
  link.map((each) => (span: Span) => span.addLink(each)),
  fc.array(link, { maxLength: 3 }).map((links) => (span: Span) => span.addLinks(links)),
  fc.record({ code: fc.nat(2), message: fc.option(fc.string(), { nil: undefined }) }).map(
    ({ code, message }) =>
      (span: Span) =>
        span.setStatus({ code, ...(message !== undefined && { message }) }),
  ),
  anyText.map((name) => (span: Span) => span.updateName(name)),
  fc.tuple(exception, time).map((args) => (span: Span) => span.recordException(...args)),
  fc.nat(3_000).map((millis) => () => void vi.setSystemTime(Date.now() + millis)),
  time.map((at) => (span: Span) => span.end(at)),
);
const options: fc.Arbitrary<SpanOptions> = fc.record(
  {
    kind: fc.nat(4),
    attributes: attributes.map((each) => each as Attributes),
    links: fc.option(fc.array(link, { maxLength: 4 })).map((links) => links as Link[]),
    startTime: time.map((at) => at ?? NOW),
    root: fc.boolean(),
  },
  { requiredKeys: [] },
);

describe('a fast span', () => {
  test.each([
    ['without limits', noLimits],
    ['within narrow limits', spanLimits],
    ['where nothing is allowed', { ...noLimits, eventCountLimit: 0, linkCountLimit: 0 }],
  ])('equals the span of the SDK for the same calls, %s', (_, limits) => {
    fc.assert(
      fc.property(
        anyText,
        options,
        fc.boolean(),
        fc.array(operation),
        (name, each, isChild, calls) => {
          const { ours, theirs } = createBoth(limits);
          const [our, their] = [ours, theirs].map(({ provider }) =>
            provider
              .getTracer('test', '1.0', { schemaUrl: 'https://example.com/1' })
              .startSpan(name, each, isChild ? UNDER_PARENT : ROOT_CONTEXT),
          ) as [Span, Span];
          for (const call of calls) {
            if (call.length === 0) call(our);
            else for (const span of [our, their]) call(span);
            expect(our.isRecording()).toBe(their.isRecording());
          }
          for (const span of [our, their]) span.end();
          expect(ours.recorder.ended).toHaveLength(1);
          expect(read(ours.recorder.ended[0])).toEqual(read(theirs.recorder.ended[0]));
        },
      ),
    );
  });

  test('has a duration from the monotonic clock', () => {
    const { ours } = createBoth();
    const clock = vi.spyOn(performance, 'now');
    clock.mockReturnValue(1_000.7);
    const span = ours.provider.getTracer('test').startSpan('x');
    clock.mockReturnValue(1_000.9);
    span.addEvent('e', performance.now());
    span.end(performance.now());
    const [ended] = ours.recorder.ended;
    expect(ended?.duration[1]).toBeCloseTo(200_000, -3);
    expect(ended?.events[0]?.time).toEqual(ended?.endTime);
  });

  test('holds its own copy of an array', () => {
    const { ours } = createBoth();
    const list = ['a'];
    const span = ours.provider.getTracer('test').startSpan('x', { attributes: { list } });
    span.setAttribute('other', list);
    list.push('b');
    span.end();
    expect(ours.recorder.ended[0]?.attributes).toEqual({ list: ['a'], other: ['a'] });
  });

  test('shares no list with another span', () => {
    const { ours } = createBoth();
    const tracer = ours.provider.getTracer('test');
    tracer.startSpan('x').addEvent('e').addLink({ context: PARENT }).end();
    tracer.startSpan('y').end();
    const [, second] = ours.recorder.ended;
    expect([second?.events, second?.links]).toEqual([[], []]);
  });

  test('warns about each call after its end', () => {
    const warn = vi.fn();
    diag.setLogger({ error() {}, warn, info() {}, debug() {}, verbose() {} });
    const { ours } = createBoth();
    const span = ours.provider.getTracer('test').startSpan('x');
    span.end();
    span.setAttribute('a', 1).updateName('y').addEvent('z').end();
    expect(ours.recorder.ended).toHaveLength(1);
    expect(ours.recorder.ended[0]).toMatchObject({ name: 'x', attributes: {}, events: [] });
    expect(warn).toHaveBeenCalledTimes(4);
  });
});

describe('a fast tracer', () => {
  const decisions = [
    SamplingDecision.NOT_RECORD,
    SamplingDecision.RECORD,
    SamplingDecision.RECORD_AND_SAMPLED,
  ];

  test.each(decisions)("follows the sampler's decision like the SDK: %i", (decision) => {
    const traceState = createTraceState('sampler=1');
    const attributes = { sampled: true };
    const shouldSample = () => ({ decision, traceState, attributes });
    const { ours, theirs } = createBoth(noLimits, { shouldSample });
    const [our, their] = [ours, theirs].map(({ provider, recorder }) => {
      const span = provider.getTracer('test').startSpan('x', {}, UNDER_PARENT);
      const { spanId, ...spanContext } = span.spanContext();
      const isRecording = span.isRecording();
      span.end();
      return { spanContext, isRecording, ended: recorder.ended.map(read) };
    });
    expect(our).toEqual(their);
  });

  test('passes the same arguments to the sampler as the SDK', () => {
    const shouldSample = vi.fn(() => ({ decision: SamplingDecision.NOT_RECORD }));
    const { ours, theirs } = createBoth(noLimits, { shouldSample });
    const links = [{ context: PARENT, attributes: { b: 2 } }];
    for (const { provider } of [ours, theirs]) {
      const tracer = provider.getTracer('test');
      tracer.startSpan('x', { kind: 2, attributes: { a: 1 }, links }, UNDER_PARENT);
      tracer.startSpan('y', { root: true }, UNDER_PARENT);
    }
    const calls: unknown[][] = shouldSample.mock.calls;
    const [child, root, theirChild, theirRoot] = calls;
    expect(child).toEqual(theirChild);
    // A root has a new context without the span, and a new trace ID.
    expect(root?.slice(2)).toEqual(theirRoot?.slice(2));
    expect(trace.getSpan(root?.[0] as Context)).toBeUndefined();
    expect(root?.[1]).not.toBe(PARENT.traceId);
  });

  test('records no span if tracing is suppressed, and ignores an invalid parent', () => {
    const { ours, theirs } = createBoth();
    const invalid = { ...PARENT, traceId: '0'.repeat(32) };
    for (const { provider, recorder } of [ours, theirs]) {
      const tracer = provider.getTracer('test');
      const suppressed = tracer.startSpan('x', {}, suppressTracing(UNDER_PARENT));
      expect(suppressed.isRecording()).toBe(false);
      tracer.startSpan('y', {}, trace.setSpanContext(ROOT_CONTEXT, invalid)).end();
      expect(
        recorder.ended.map(({ name, parentSpanContext }) => [name, parentSpanContext]),
      ).toEqual([['y', undefined]]);
    }
  });

  test('calls every processor at start and end, with the context of the start', () => {
    const { ours, theirs } = createBoth();
    for (const { provider } of [ours, theirs]) {
      provider.getTracer('test').startSpan('x', {}, UNDER_PARENT).end();
    }
    expect(ours.recorder.started).toEqual(theirs.recorder.started);
    expect(ours.recorder.ended).toHaveLength(1);
  });

  test('runs work with a span active, in all three forms', () => {
    const { ours } = createBoth();
    const tracer = ours.provider.getTracer('test');
    const key = Symbol('key');
    const inContext: Context = UNDER_PARENT.setValue(key, 'kept');
    const work = (span: Span) => {
      expect(trace.getActiveSpan()).toBe(span);
      span.end();
      return context.active().getValue(key);
    };
    expect(tracer.startActiveSpan('a', work)).toBeUndefined();
    expect(tracer.startActiveSpan('b', { kind: 2 }, work)).toBeUndefined();
    expect(tracer.startActiveSpan('c', { kind: 3 }, inContext, work)).toBe('kept');
    expect(
      ours.recorder.ended.map(({ name, kind, parentSpanContext }) => [
        name,
        kind,
        parentSpanContext?.spanId,
      ]),
    ).toEqual([
      ['a', 0, undefined],
      ['b', 2, undefined],
      ['c', 3, PARENT.spanId],
    ]);
  });

  test('is the same for the same scope', () => {
    const { ours } = createBoth();
    const { provider } = ours;
    expect(provider.getTracer('a', '1')).toBe(provider.getTracer('a', '1'));
    expect(provider.getTracer('a', '1')).not.toBe(provider.getTracer('a', '2'));
    expect(provider.getTracer('a')).not.toBe(provider.getTracer('a', '', { schemaUrl: 'b' }));
  });
});
