import { expect, test } from 'vitest';
import { createMemoryTraceStore } from '../../packages/opentelemetry-viewer/src/store/memory-trace-store.ts';
import type { StoreLimits } from '../../packages/opentelemetry-viewer/src/store/trace-store.ts';
import { makeSpan, NOON } from './page-spans.ts';

function makeTrace(index: number, spans = 1) {
  return Array.from({ length: spans }, (_, i) =>
    makeSpan({
      traceId: index.toString(16).padStart(32, '0'),
      id: `${i + 1}`,
      ...(i > 0 && { parent: '1' }),
      start: NOON + index,
    }),
  ).reverse();
}

function createBoth(limits: Partial<StoreLimits>) {
  return [createMemoryTraceStore(limits), createMemoryTraceStore(limits)] as const;
}

test('a store that reads deferred spans now and then keeps what it keeps of others', () => {
  const [added, deferred] = createBoth({ maxTraces: 20, maxSpansPerTrace: 4 });
  for (let index = 0; index < 100; index++) {
    const spans = makeTrace(index, (index % 6) + 1);
    added.addSpans(spans);
    for (const span of spans) deferred.deferSpans([span]);
    if (index % 13 === 0) expect(deferred.stats()).toEqual(added.stats());
  }
  expect(deferred.stats()).toEqual(added.stats());
  const query = { sort: 'most-spans', limit: 50 } as const;
  expect(deferred.findTraces(query)).toEqual(added.findTraces(query));
  expect(deferred.services()).toEqual(added.services());
  expect(deferred.operations('todo')).toEqual(added.operations('todo'));
});

test.each([
  ['traces', { maxTraces: 600 }],
  ['bytes', { maxBytes: 600 * 1_000 }],
])(
  'deferred spans that are never read are dropped at the limit of %s, and counted',
  (_, limits) => {
    const [added, deferred] = createBoth(limits);
    for (let index = 0; index < 3_000; index++) {
      added.addSpans(makeTrace(index, 2));
      deferred.deferSpans(makeTrace(index, 2));
    }
    const [all, stats] = [added.stats(), deferred.stats()];
    expect(stats.traces).toBeLessThanOrEqual(all.traces);
    // Spans are dropped in segments of 256.
    expect(stats.traces).toBeGreaterThan(all.traces - 129);
    expect(stats.spans + stats.droppedSpans).toBe(6_000);
    expect(stats.traces + stats.droppedTraces).toBe(3_000);
    const [newest] = deferred.findTraces({}).traces;
    expect(newest?.traceId).toBe((2_999).toString(16).padStart(32, '0'));
  },
);

test('a deferred span that cannot be read is counted as dropped', () => {
  const store = createMemoryTraceStore();
  const odd = Object.defineProperty({ ...makeSpan({ id: '1' }) }, 'attributes', {
    get() {
      throw new Error('unreadable');
    },
  });
  store.deferSpans([odd, makeSpan({ id: '2' })]);
  expect(store.stats()).toMatchObject({ spans: 1, droppedSpans: 1 });
});
