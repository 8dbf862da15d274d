import { expect, test } from 'vitest';
import type { OtlpSpan } from '../support/otlp-records.ts';
import { checkTraces } from './check-traces.ts';
import type { SentTrace } from './traffic.ts';

const trace = (traceId: string, status: number): SentTrace => ({
  traceId,
  taskId: undefined,
  startedAt: 0,
  endedAt: 0,
  requests: [
    { spanId: `${traceId}-1`, route: 'GET /api/tasks/7', status: 200 },
    { spanId: `${traceId}-2`, route: 'GET /api/tasks/8', status },
  ],
});

/** Returns the spans of a trace: below each request a SERVER span, and a CLIENT span below that. */
const spansOf = ({ traceId, requests }: SentTrace, millis = 1): OtlpSpan[] =>
  requests.flatMap(({ spanId }) => [
    span(traceId, `${spanId}-server`, spanId, 2, millis),
    span(traceId, `${spanId}-client`, `${spanId}-server`, 3, 1),
  ]);

const span = (
  traceId: string,
  spanId: string,
  parentSpanId: string,
  kind: number,
  millis: number,
): OtlpSpan => ({
  ...{ traceId, spanId, parentSpanId, kind, traceState: '', flags: 1, name: 'GET' },
  ...{ startTime: 0n, endTime: BigInt(millis) * 1_000_000n, attributes: {}, events: [], links: [] },
  ...{ status: { code: 0, message: '' }, resource: {}, scope: { name: '', version: '' } },
});

test('checkTraces() finds traces that arrived in part, not at all, or twice', () => {
  const [whole, partial, missing, torn] = ['a', 'b', 'c', 'd'].map((id) => trace(id, 500));
  const [fast, slow, dropped] = ['e', 'f', 'g'].map((id) => trace(id, 200));
  if (!(whole && partial && missing && torn && fast && slow && dropped)) throw new Error();
  const arrived = [
    ...spansOf(whole),
    ...spansOf(partial).slice(2),
    // Without a CLIENT span.
    ...spansOf(torn).filter(({ spanId }) => spanId !== 'd-1-client'),
    ...spansOf(fast),
    ...spansOf(fast).slice(0, 1),
    ...spansOf(slow, 600),
    span('h', '1', '', 2, 1),
  ];
  const sent = [whole, partial, missing, torn, fast, slow, dropped];
  expect(checkTraces(sent, arrived)).toEqual({
    failed: 4,
    whole: 1,
    partial: [partial, torn],
    missing: [missing],
    duplicates: 1,
    slow: 1,
    kept: 1,
    others: 3,
    unknown: ['h'],
  });
});
