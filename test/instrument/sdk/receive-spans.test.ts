import { type HrTime, SpanKind } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type ReadableSpan,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import { describe, expect, test } from 'vitest';
import {
  createSpanReceiver,
  type ReceivedSpan,
} from '../../../packages/opentelemetry-instrument/src/intake/replay-spans.ts';
import { spanLimits } from '../../../packages/opentelemetry-instrument/src/sdk/limits.ts';
import { createBrowserResource } from '../../../packages/opentelemetry-instrument/src/sdk/resource-attributes.ts';
import { settingsOf } from '../../support/settings.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const [ROOT, CHILD, GRANDCHILD, SERVER] = ['1', '2', '3', '4'].map((digit) => digit.repeat(16)) as [
  string,
  string,
  string,
  string,
];
const START: HrTime = [1_800_000_000, 0];

function received(other: Partial<ReceivedSpan> = {}): ReceivedSpan {
  return {
    traceId: TRACE_ID,
    spanId: ROOT,
    traceFlags: 1,
    name: 'documentLoad',
    kind: SpanKind.INTERNAL,
    startTime: START,
    endTime: [1_800_000_001, 5],
    status: { code: 0 },
    attributes: {},
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    ...other,
  };
}

function hand(
  spans: readonly ReceivedSpan[],
  env: Record<string, string> = {},
  sampler: Sampler = new ParentBasedSampler({ root: new AlwaysOnSampler() }),
): ReadableSpan[] {
  const ended: ReadableSpan[] = [];
  const processor = { onReceived: (span: ReadableSpan) => void ended.push(span) };
  const settings = settingsOf(env);
  const receive = createSpanReceiver({
    spanProcessors: [processor],
    sampler,
    spanLimits: spanLimits(settings),
    resource: createBrowserResource(
      { 'service.name': 'todo-web', 'service.version': '1.2.3' },
      settings,
    ),
    scope: { name: 'todo.browser', version: '1.2.3' },
  });
  receive(spans);
  return ended;
}

describe('createSpanReceiver()', () => {
  test('passes a span on as if it had ended here', () => {
    const [span] = hand([received({ parentSpanId: SERVER, kind: SpanKind.CLIENT })]);
    expect(span?.spanContext()).toEqual({ traceId: TRACE_ID, spanId: ROOT, traceFlags: 1 });
    expect(span).toMatchObject({
      name: 'documentLoad',
      kind: SpanKind.CLIENT,
      parentSpanContext: { traceId: TRACE_ID, spanId: SERVER, isRemote: true },
      startTime: START,
      duration: [1, 5],
      ended: true,
      instrumentationScope: { name: 'todo.browser', version: '1.2.3' },
    });
  });

  test('names the pages of the app as the source', () => {
    const attributes =
      'service.name=x,service.namespace=n,deployment.environment.name=d,host.name=h';
    const [span] = hand([received()], {
      OTEL_SERVICE_NAME: 'other',
      OTEL_RESOURCE_ATTRIBUTES: attributes,
    });
    expect(span?.resource.attributes).toEqual({
      'service.name': 'todo-web',
      'service.version': '1.2.3',
      'service.namespace': 'n',
      'deployment.environment.name': 'd',
      'telemetry.sdk.language': 'webjs',
    });
  });

  test('replays spans without their parent last', () => {
    const ended = hand([
      received({ spanId: ROOT, parentSpanId: SERVER }),
      received({ spanId: CHILD, parentSpanId: ROOT }),
      received({ spanId: GRANDCHILD, parentSpanId: CHILD }),
    ]);
    const order = ended.map((span) => span.spanContext().spanId);
    expect(order).toEqual([CHILD, GRANDCHILD, ROOT]);
    expect(ended.map((span) => span.parentSpanContext?.isRemote)).toEqual([false, false, true]);
  });

  test.each([
    ['each other', [ROOT, CHILD]],
    ['one another in a ring', [ROOT, CHILD, GRANDCHILD]],
  ])('treats parents as remote for spans that claim %s as parents', (_, ids) => {
    const ring = ids.map((spanId, i) =>
      received({ spanId, parentSpanId: ids[(i + 1) % ids.length] as string }),
    );
    const remote = hand(ring).map((span) => span.parentSpanContext?.isRemote);
    expect(remote).toEqual(ids.map(() => true));
  });

  test('treats a parent in another trace as remote', () => {
    const [first] = hand([
      received({ spanId: CHILD, parentSpanId: ROOT, traceId: 'a'.repeat(32) }),
      received(),
    ]);
    expect(first?.parentSpanContext?.isRemote).toBe(true);
  });

  test.each([
    ['the page, by default', undefined, 1, 1],
    ['the page, by default', undefined, 0, 0],
    ['the sampler, where it does not ask', new AlwaysOffSampler(), 1, 0],
    ['the sampler, where it does not ask', new AlwaysOnSampler(), 0, 1],
    ['the trace id, where it counts', new TraceIdRatioBasedSampler(0), 1, 0],
  ])('leaves the sampling to %s', (_, sampler, traceFlags, count) => {
    expect(hand([received({ traceFlags })], {}, sampler)).toHaveLength(count);
  });

  test('keeps the limits of the SDK’s own spans', () => {
    const attributes = { a: 'xxxxxx', b: 7, c: true };
    const event = { time: START, name: 'e', attributes };
    const [span] = hand(
      [received({ attributes, droppedAttributesCount: 1, events: [event, event, event] })],
      {
        OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: '2',
        OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: '5',
        OTEL_SPAN_EVENT_COUNT_LIMIT: '1',
        OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT: '1',
      },
    );
    expect(span).toMatchObject({ droppedAttributesCount: 2, droppedEventsCount: 2 });
    expect(span?.attributes).toEqual({ a: 'xxxxx', b: 7 });
    expect(span?.events).toEqual([
      { time: START, name: 'e', attributes: { a: 'xxxxx' }, droppedAttributesCount: 2 },
    ]);
  });
});
